"""What the exit status of ``txqga`` says: this is the one place where it is told."""

from collections.abc import Mapping
from enum import IntEnum
from signal import Signals


class Exit(IntEnum):
    """The exit status of ``txqga``; :data:`MEANINGS` has what each says."""

    GOOD = 0
    REFUSED = 1
    USAGE = 2
    UNAVAILABLE = 3
    UNKNOWN = 4
    FORBIDDEN = 5
    NOT_HELD = 6
    DIFFERS = 7
    TIMED_OUT = 124
    OURS = 125
    NOT_EXECUTABLE = 126
    NOT_FOUND = 127
    INTERRUPTED = 130
    TERMINATED = 143


#: What each says; the reference and the man pages are written from this.
MEANINGS: Mapping[Exit, str] = {
    Exit.GOOD: "It is done.",
    Exit.REFUSED: "The guest was asked and refused, or what it said makes no sense.",
    Exit.USAGE: "The command line is wrong, or the arguments do not fit the command's schema: "
    "nothing was sent.",
    Exit.UNAVAILABLE: "The agent, the guest or the mux is not there: nothing was done.",
    Exit.UNKNOWN: "It was sent, and no answer came: it may have run, or may run later.",
    Exit.FORBIDDEN: "The policy of the mux, or the system, does not allow it.",
    Exit.NOT_HELD: "Guests did not hold still for as long as they should: what was copied "
    "meanwhile is worth nothing.",
    Exit.DIFFERS: "A file was copied, and the copy is not what the file is.",
    Exit.TIMED_OUT: "exec: the program ran for too long, and was killed.",
    Exit.OURS: "exec: the program was not started, or how it ended is not known.",
    Exit.NOT_EXECUTABLE: "exec: the guest found the program, and cannot execute it.",
    Exit.NOT_FOUND: "exec: the guest has no such program.",
    Exit.INTERRUPTED: "Ctrl-C was typed.",
    Exit.TERMINATED: "It was told to end (SIGTERM).",
}


class Interrupted(Exception):
    """Somebody ended it: Ctrl-C, or SIGTERM."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {Signals(number).name}")
        self.number = number  #: of the signal

    @property
    def status(self) -> int:
        """The exit status, as shells have it."""
        return 128 + self.number
