"""
A program by ``guest-exec`` whose output is written to files of the guest, and read as it grows.

So a program of an agent that cannot stream is heard while it runs, and may say more than the 16 MiB
that the agent keeps. What it costs: room in a folder of the guest, which is removed afterwards.
"""

from secrets import token_hex

from attrs import define, field

from txqga.errors import CommandFailed, ProgramLost, SessionError, TxqgaError
from txqga.exec._file import GuestFile
from txqga.exec._kill import signal_posix
from txqga.exec._pace import LONGEST
from txqga.exec._patient import Patient
from txqga.exec._piece import Ended, Piece
from txqga.exec._program import Program
from txqga.exec._stock import INPUT, Stock, finish_stock, start_stock
from txqga.exec._way import Way

#: Where the folders are made; in memory, on many systems.
PLACE = "/tmp"

#: Makes the folder that is its first argument: nobody else may read what is in it, nor have laid it
#: out before.
MAKE = 'umask 077; exec mkdir -- "$1"'

#: Starts a program whose streams are files of the folder, which is the first argument; the second
#: is its working directory, the third tells what to join and what it reads.
#:
#: It takes the place of the shell, so that its pid and its end are its own. What the shell itself
#: complains of is told by the agent.
START = """\
dir=$1 cwd=$2 how=$3
shift 3
if [ -n "$cwd" ]; then cd -- "$cwd" || exit 126; fi
if ! command -v -- "$1" >/dev/null; then echo "$1: not found" >&2; exit 127; fi
case $how in *input*) exec <"$dir/in" ;; esac
case $how in
*merge*) exec >>"$dir/out" 2>&1 ;;
*) exec >>"$dir/out" 2>>"$dir/err" ;;
esac
if command -v setsid >/dev/null 2>&1; then exec setsid -- "$@"; fi
exec "$@"
"""


@define(kw_only=True)
class Followed:
    """A program whose output is in files of the guest."""

    stock: Stock
    folder: str
    out: GuestFile
    err: GuestFile | None
    way: Way = field(default=Way.FOLLOWED, init=False)
    longest_pause: float = field(default=LONGEST, init=False)
    has_clock: bool = field(default=False, init=False)
    in_offset: None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        return self.stock.pid

    @property
    def name(self) -> str:
        return str(self.stock.pid)

    async def read(self, out_room: int, err_room: int) -> Piece:
        told = self.stock.told  # before the files: what came until then is in them
        out = await self.out.read(out_room)
        err = b"" if self.err is None else await self.err.read(err_room)
        if out or err:
            return Piece(out=out, err=err)
        if told is None:
            told = await self.stock.ask()
            return Piece(is_news=told is not None)
        is_over = out_room > 0 and (self.err is None or err_room > 0)
        return Piece(
            out_end=is_over, err_end=is_over, ended=told.ended if is_over else None
        )

    async def write(self, offset: int, data: bytes, end: bool) -> tuple[int, bool]:
        raise NotImplementedError("it has no in_offset")

    async def signal(self, name: str) -> None:
        await signal_posix(self.stock, name)

    async def release(self) -> None:
        await self.out.close()
        if self.err is not None:
            await self.err.close()
        await finish_stock(self.stock.patient, ["rm", "-rf", "--", self.folder])
