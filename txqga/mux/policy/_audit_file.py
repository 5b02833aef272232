"""
The file that the audit is written to.

It may be moved away at any time, as logrotate does: the next line goes to a new one.
"""

import os
import stat
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from txqga.errors import CannotStart

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK

_NEWLINE = ord("\n")


class AuditFile:
    """
    An audit's file, open.

    :raise CannotStart: it cannot be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_torn = False  #: ends in the middle of a line
        try:
            self._fd = self._open()
        except OSError as why:
            raise CannotStart(f"--audit: {path}: {why.strerror}") from why

    def append(self, lines: Sequence[bytes]) -> int:
        """
        Write whole lines behind what is there.

        :return: how many of them were written whole: one at least.
        :raise OSError: not even one could be.

        What comes next may be torn then; what is appended after that begins on a line of its own.
        """
        self._follow()
        begin = b"\n" if self._is_torn else b""
        octets = memoryview(begin + b"".join(lines))
        sent, failure = 0, None
        while sent < len(octets) and failure is None:
            try:
                sent += os.write(self._fd, octets[sent:])
            except OSError as why:
                failure = why
        if sent:
            self._is_torn = octets[sent - 1] != _NEWLINE
        sent -= len(begin)
        whole = sum(1 for end in accumulate(map(len, lines)) if end <= sent)
        if failure is not None and not whole:
            raise failure
        return whole

    def close(self) -> None:
        """Write no more."""
        os.close(self._fd)

    def _open(self) -> int:
        fd = os.open(self.path, _FLAGS, 0o600)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise CannotStart(f"--audit: {self.path}: not a file")
        return fd

    def _follow(self) -> None:
        """Open a new one if the old one is somewhere else by now."""
        mine = os.fstat(self._fd)
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            pass
        else:
            if os.path.samestat(mine, found):
                return
        fd = self._open()
        os.close(self._fd)
        self._fd = fd
        self._is_torn = False
