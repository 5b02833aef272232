"""
A program by ``guest-exec``, whose output is told when all is over.

That is all there is where nobody knows of a shell, as on Windows; and the quickest way everywhere
for what says little.
"""

from attrs import define, field

from txqga.errors import InvalidArguments
from txqga.exec._kill import signal_posix, signal_windows
from txqga.exec._patient import Patient
from txqga.exec._piece import Piece
from txqga.exec._program import Program
from txqga.exec._stock import Stock, start_stock
from txqga.exec._traits import Traits
from txqga.exec._way import Way
from txqga.wire import JSON

#: Seconds between two questions, at most.
LONGEST = 2.0

#: Starts a program in a folder, which is the first argument, with a process group of its own where
#: there is ``setsid``; the second says whether its standard error is joined to its output.
SHELL = """\
if [ -n "$1" ]; then cd -- "$1" || exit 126; fi
if [ "$2" = merge ]; then exec 2>&1; fi
shift 2
if command -v setsid >/dev/null 2>&1; then exec setsid -- "$@"; fi
exec "$@"
"""


@define(kw_only=True)
class Whole:
    """A program whose output is told when all is over."""

    stock: Stock
    is_posix: bool
    way: Way = field(default=Way.WHOLE, init=False)
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
        told = await self.stock.ask()
        if told is None:
            return Piece()
        return Piece(
            out=told.out,
            err=told.err,
            out_end=True,
            err_end=True,
            out_truncated=told.out_truncated,
            err_truncated=told.err_truncated,
            ended=told.ended,
        )

    async def write(self, offset: int, data: bytes, end: bool) -> tuple[int, bool]:
        raise NotImplementedError("there is no in_offset")

    async def signal(self, name: str) -> None:
        await (signal_posix if self.is_posix else signal_windows)(self.stock, name)

    async def detach(self) -> None:
        pass  # nobody kills it

    async def release(self) -> None:
        """There is nothing to do: an agent forgets what it has told, and nothing else."""


async def start_whole(patient: Patient, program: Program, traits: Traits) -> Whole:
    """
    Start a program.

    :raise CommandFailed: it cannot be started so.
    """
    argv = [program.path, *program.args]
    capture: JSON = True  # agents before QEMU 8.1 know nothing else
    is_posix = traits.is_posix
    if is_posix and (program.cwd is not None or program.merge or program.time_out is not None):
        merge = "merge" if program.merge else ""
        argv = ["/bin/sh", "-c", SHELL, "sh", program.cwd or "", merge, *argv]
    elif program.cwd is not None:
        raise InvalidArguments("this agent cannot choose a working directory", "guest-exec")
    elif program.merge and traits.is_windows:
        why = "on Windows an agent cannot join a program's streams: a shell can, such as cmd.exe"
        raise InvalidArguments(why, "guest-exec")
    elif program.merge:
        capture = "merged"
    stock = await start_stock(patient, argv, env=program.env, input=program.input, capture=capture)
    return Whole(stock=stock, is_posix=is_posix)
