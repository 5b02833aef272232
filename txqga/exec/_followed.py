"""
A program by ``guest-exec`` whose output is written to files of the guest, and read as it grows.

So a program of an agent that cannot stream is heard while it runs, and may say more than the 16 MiB
that the agent keeps. What it costs: room in a folder of the guest, which is removed afterwards.
"""

import re
from contextlib import suppress
from secrets import token_hex

from attrs import define, field

from txqga.errors import CommandFailed, CommandNotFound, ProgramLost
from txqga.exec._file import GuestFile, write_file
from txqga.exec._kill import signal_posix
from txqga.exec._pace import LONGEST
from txqga.exec._patient import AWAY, Patient
from txqga.exec._piece import Piece
from txqga.exec._program import Program
from txqga.exec._stock import INPUT, Stock, Told, finish_stock, start_stock
from txqga.exec._way import Way

#: Makes a folder, which nobody else may look into.
MAKE = ["mkdir", "-m", "700", "--"]

#: Starts a program whose streams are files of the folder, which is the first argument; the second
#: is its working directory, the third tells what it reads and what is joined.
#:
#: It takes the place of the shell, so that its pid and its end are its own. What goes wrong before
#: is complained of to the agent.
START = """\
dir=$1 cwd=$2 how=$3
shift 3
case $how in
*input*) exec <"$dir/in" ;;
*) mkdir -m 700 -- "$dir" 2>/dev/null || /bin/mkdir -m 700 -- "$dir" || exit 126 ;;
esac
if [ -n "$cwd" ]; then cd -- "$cwd" || exit 126; fi
if ! command -v "$1" >/dev/null; then echo "$1: not found" >&2; exit 127; fi
case $how in *merge*) ;; *) exec 2>>"$dir/err" ;; esac
exec >>"$dir/out"
case $how in *merge*) exec 2>&1 ;; esac
if command -v setsid >/dev/null 2>&1; then exec setsid -- "$@"; fi
exec "$@"
"""

#: How many pieces are read before a talking program is asked for again.
OFTEN = 16

_NAME = re.compile(r"([0-9]{1,15})-([0-9a-f]{32})(m?)")


@define(kw_only=True)
class Followed:
    """A program whose output is in files of the guest."""

    stock: Stock
    token: str
    merge: bool
    way: Way = field(default=Way.FOLLOWED, init=False)
    longest_pause: float = field(default=LONGEST, init=False)
    has_clock: bool = field(default=False, init=False)
    in_offset: None = field(default=None, init=False)
    _since_asked: int = field(default=1, init=False)
    _folder: str = field(init=False)
    _out: GuestFile = field(init=False)
    _err: GuestFile = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._folder = _folder(self.stock.patient, self.token)
        self._out = GuestFile(self.stock.patient, f"{self._folder}/out")
        self._err = GuestFile(self.stock.patient, f"{self._folder}/err")

    @property
    def pid(self) -> int:
        return self.stock.pid

    @property
    def name(self) -> str:
        return f"{self.stock.pid}-{self.token}{'m' if self.merge else ''}"

    async def begin(self, seconds: float) -> None:
        """
        Wait until it runs.

        :param seconds: for so long at most.
        :raise CommandFailed: it does not; then it is killed.
        """
        clock, pace = self.stock.patient.clock, self.stock.patient.pace()
        ends = clock.seconds() + seconds
        while True:
            told = await self.stock.ask()
            try:
                await self._out.open()
                return
            except CommandNotFound:
                raise
            except CommandFailed:
                if told is not None:
                    await self.release()
                    raise _not_started(told) from None
            if clock.seconds() >= ends:
                await self._abandon()
                raise CommandFailed(f"the program does not start within {seconds:g} s")
            await pace.pause()

    async def _abandon(self) -> None:
        with suppress(CommandFailed):  # it was told already that something is wrong there
            await self.signal("kill")
        with suppress(CommandFailed):
            await self.release()

    async def read(self, out_room: int, err_room: int) -> Piece:
        told = self.stock.told  # seen first: what the program has said is in the files by then
        if told is None and self._since_asked == 0:
            told = await self.stock.ask()
        self._since_asked = (self._since_asked + 1) % OFTEN
        try:
            out = await self._out.read(out_room)
            err = b"" if self.merge else await self._err.read(err_room)
        except CommandNotFound:
            raise
        except CommandFailed as why:
            raise ProgramLost(self.name, f"its output is gone: {why.desc}") from why
        if out or err:
            return Piece(out=out, err=err, ended=None if told is None else told.ended)
        if told is None:
            self._since_asked = 0
            return Piece(again=await self.stock.ask() is not None)
        is_over = out_room > 0 and (self.merge or err_room > 0)
        return Piece(out_end=is_over, err_end=is_over, ended=told.ended)

    async def write(self, offset: int, data: bytes, end: bool) -> tuple[int, bool]:
        raise NotImplementedError("there is no in_offset")

    async def signal(self, name: str) -> None:
        await signal_posix(self.stock, name)

    async def detach(self) -> None:
        pass  # nobody kills it

    async def release(self) -> None:
        try:
            await self._out.close()
            await self._err.close()
        finally:
            await _remove(self.stock.patient, self._folder)


async def _remove(patient: Patient, folder: str) -> None:
    await finish_stock(patient, ["rm", "-rf", "--", folder])


def _folder(patient: Patient, token: str) -> str:
    return f"{patient.place}/txqga-{token}"


def _not_started(told: Told) -> CommandFailed:
    said = told.err[:500].decode(errors="replace").strip()
    return CommandFailed(said or f"the program was not started: {told.ended}", "guest-exec")


async def start_followed(patient: Patient, program: Program) -> Followed:
    """
    Start a program.

    :raise CommandFailed: it cannot be started.
    """
    token = token_hex(16)
    folder = _folder(patient, token)
    how = ["merge"] if program.merge else []
    given = program.input
    is_much = len(given) > INPUT  # more than one command takes
    if is_much:
        how.append("input")
        made = await finish_stock(patient, [*MAKE, folder])
        if made.ended.exit_code != 0:
            raise _not_started(made)
    argv = ["/bin/sh", "-c", START, "sh", folder, program.cwd or "", " ".join(how)]
    argv += [program.path, *program.args]
    try:
        if is_much:
            await write_file(patient, f"{folder}/in", given)
            given = b""
        stock = await start_stock(patient, argv, env=program.env, input=given, capture=True)
    except CommandFailed:
        if is_much:
            with suppress(CommandFailed):
                await _remove(patient, folder)
        raise
    followed = Followed(stock=stock, token=token, merge=program.merge)
    await followed.begin(min(AWAY, program.time_out or AWAY))
    return followed


def attach_followed(patient: Patient, name: str) -> Followed | None:
    """Find a program again; None if that is no name of one that is followed."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Followed(stock=Stock(patient, int(found[1])), token=found[2], merge=bool(found[3]))
