"""
The file that the audit is written to.

It may be moved away at any time, as logrotate does: the next line goes to a new one.
"""

import os
import stat
from pathlib import Path

from txqga.errors import CannotStart

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


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

    def append(self, lines: bytes) -> None:
        """
        Write whole lines behind what is there.

        :raise OSError: some of them could not be written. The last one may be torn, and what is
            appended next begins on a line of its own.
        """
        self._follow()
        rest = memoryview(b"\n" + lines if self._is_torn else lines)
        while rest:
            written = os.write(self._fd, rest)
            self._is_torn = written < len(rest)
            rest = rest[written:]

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
