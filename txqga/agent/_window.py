"""
What a program writes into one of its streams, from the first octet that has not arrived.

The pipe itself keeps what nobody has asked for: a program that writes more than it holds waits.
Only what was told is kept here as well, until the next question says that it has arrived: a reply
that was lost can be asked for again.
"""

import fcntl
import os
import select
from contextlib import suppress

from attrs import frozen

from txqga.errors import CommandFailed

#: Octets: what a pipe is made to hold, and the most that is told at once.
WIDTH = 256 << 10


def widen(fd: int) -> None:
    """Let a pipe hold that much; where the system gives no more, it holds 64 KiB, or a page."""
    with suppress(OSError):
        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, WIDTH)


@frozen
class Piece:
    """A piece of a stream."""

    offset: int  #: octets before it
    data: bytes
    eof: bool  #: nothing will ever come after it


class Window:
    """
    One stream.

    :param fd: the reading end of its pipe, which is closed at its end.
    :param name: what errors call it.
    """

    def __init__(self, fd: int, name: str) -> None:
        os.set_blocking(fd, False)
        widen(fd)
        self._fd: int | None = fd
        self._name = name
        self._kept = bytearray()
        self.offset = 0  #: octets that have arrived, and are kept no more

    def arrived(self, offset: int) -> None:
        """
        Forget what comes before ``offset``.

        :raise CommandFailed: that is not in the window; nothing is forgotten.
        """
        told = self.offset + len(self._kept)
        if offset < self.offset:
            why = f"is not kept: {self.offset} octets had arrived"
            raise CommandFailed(f"offset {offset} of {self._name} {why}")
        if offset > told:
            why = f"is too far: {told} octets were told"
            raise CommandFailed(f"offset {offset} of {self._name} {why}")
        del self._kept[: offset - self.offset]
        self.offset = offset

    def piece(self, count: int) -> Piece:
        """Tell what there is now, at most ``count`` octets."""
        while self._fd is not None and (missing := count - len(self._kept)) > 0:
            try:
                data = os.read(self._fd, missing)
            except BlockingIOError:
                break
            if not data:
                self.close()
            self._kept += data
        eof = self._fd is None and len(self._kept) <= count
        return Piece(self.offset, bytes(self._kept[:count]), eof)

    def is_held(self) -> bool:
        """Whether anybody can still write into it."""
        if self._fd is None:
            return False
        poll = select.poll()
        poll.register(self._fd, 0)  # POLLHUP is told always, also where something is left to read
        return not poll.poll(0)

    def close(self) -> None:
        """Read no more: who still writes is told by SIGPIPE."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
