"""
A daemon's pidfile: which process it is, and a lock on it as long as that lives.

It is qemu-ga's file, and the two keep each other out. The lock is one of the *open file*, where
qemu-ga's is one of the process: these exclude each other too, but ours is not lost when a host
opens the file with guest-file-open and closes it again, and a child has it with the file.
"""

import contextlib
import fcntl
import os
import struct
from pathlib import Path

from txqga.agent._start import StartFailed

#: struct flock: a lock of the whole file, all else is zero
_WHOLE_FILE = struct.pack("h", fcntl.F_WRLCK).ljust(32, b"\0")


class PidFile:
    """A pidfile that nobody else has locked."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def lock(cls, path: str) -> "PidFile":
        """
        Create the file, or take it over from a process that has ended.

        :raise StartFailed: another one lives, or the file cannot be made.
        """
        # Kept absolute: a daemon changes its working directory.
        absolute = Path(path).absolute()
        while True:
            try:
                descriptor = os.open(absolute, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as why:
                raise StartFailed(f"Could not create '{path}': {why.strerror}") from None
            try:
                fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _WHOLE_FILE)
            except OSError as why:
                os.close(descriptor)
                raise StartFailed(f"Cannot lock pid file: {why.strerror}") from None
            file = cls(absolute, descriptor)
            if file._is_there():
                return file
            # Who had it locked removed it in the meantime.
            os.close(descriptor)

    def write(self, pid: int) -> None:
        """
        Say which process it is.

        :raise StartFailed: it could not be written down.
        """
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, b"%d\n" % pid, 0)
        except OSError as why:
            raise StartFailed(f"Failed to write pid file: {why.strerror}") from None

    def remove(self) -> None:
        """Remove the file, unless it is another one by now."""
        with contextlib.suppress(OSError):
            if self._is_there():
                self._path.unlink()

    def _is_there(self) -> bool:
        """Whether the file that is locked is still the one with that name."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False
