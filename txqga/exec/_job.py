"""A program that was started, as each kind of agent lets it be followed."""

from typing import Protocol

from txqga.exec._piece import Piece
from txqga.exec._way import Way


class Job(Protocol):
    """A program that was started."""

    way: Way
    longest_pause: float  #: seconds between two questions, when nothing comes
    has_clock: bool  #: whether the agent itself kills it at its time-out

    @property
    def pid(self) -> int:
        """Its process ID."""

    @property
    def name(self) -> str:
        """What it can be found again by."""

    @property
    def in_offset(self) -> int | None:
        """How much was written to its standard input; None if nothing can be."""

    async def read(self, out_room: int, err_room: int) -> Piece:
        """
        Ask once what is new, and take at most so many octets of each stream.

        :raise ProgramLost: nobody knows any more.
        """

    async def write(self, offset: int, data: bytes, end: bool) -> tuple[int, bool]:
        """
        Write to its standard input what it takes now.

        :param offset: how many octets were taken before.
        :param end: whether these are the last ones.
        :return: how many octets were taken since the beginning; whether no more is taken.
        """

    async def signal(self, name: str) -> None:
        """
        Send it a signal; it is no error if it has ended.

        :raise CommandFailed: it cannot be sent.
        """

    async def detach(self) -> None:
        """Say that it is meant to outlive whoever has started it, where it otherwise might not."""

    async def release(self) -> None:
        """Forget it, with all that it has left."""
