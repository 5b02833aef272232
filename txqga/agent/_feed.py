"""
What a program reads from its standard input, as far as it was given.

The pipe is all there is between the two: what does not fit into it is not taken, and is sent
again by who has it.
"""

import os

from txqga.agent._window import widen
from txqga.errors import CommandFailed


class Feed:
    """
    One standard input.

    :param fd: the writing end of its pipe, which is closed at its end.
    """

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        widen(fd)
        self._fd: int | None = fd
        self.offset = 0  #: octets that were taken

    @property
    def closed(self) -> bool:
        """Whether no more is taken."""
        return self._fd is None

    def write(self, offset: int, data: bytes, *, last: bool) -> None:
        """
        Take what there is room for.

        :param offset: where ``data`` begins; what was taken already is passed over.
        :param last: close it, once all of ``data`` is taken.
        :raise CommandFailed: something would be missing in between, or ``offset`` is negative.
        """
        if offset < 0:
            raise CommandFailed(f"value '{offset}' is invalid for argument offset")
        if offset > self.offset:
            why = f"is too far: {self.offset} octets were taken"
            raise CommandFailed(f"offset {offset} of standard input {why}")
        rest = memoryview(data)[self.offset - offset :]
        try:
            while rest and self._fd is not None:
                written = os.write(self._fd, rest)
                self.offset += written
                rest = rest[written:]
        except BlockingIOError:
            return
        except BrokenPipeError:  # whoever reads has enough: that is no error
            self.close()
        if last and offset + len(data) == self.offset:
            self.close()

    def close(self) -> None:
        """Write no more."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
