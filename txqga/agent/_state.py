"""
What has to outlive the agent: ``qga.state`` in its state directory.

It holds the number of the next file handle, so that a handle is never reused: a client that kept
one over a restart of the agent must not reach somebody else's file. The file need not survive a
crash of the machine, which no handle survives either: it is replaced in one step, but not synced.
"""

import contextlib
import os
from pathlib import Path

from txqga.agent._keyfile import KeyFile, KeyFileError
from txqga.agent._start import StartFailed
from txqga.errors import CommandFailed

FIRST_HANDLE = 1000  #: the first handle in a state directory

_GROUP, _KEY = "global", "fd_counter"


class StateFile:
    """The file ``qga.state``."""

    def __init__(self, path: Path, next_handle: int) -> None:
        self._path = path
        self._next = next_handle

    @classmethod
    def open(cls, directory: str, *, frozen: bool = False) -> "StateFile":
        """
        Read the state in ``directory``, or begin it.

        :param frozen: it is written when there is something to write, and not before.
        :raise StartFailed: the file is there and wrong, or cannot be read or created.
        """
        # Kept absolute: a daemon changes its working directory.
        path = Path(directory, "qga.state").absolute()
        try:
            file = KeyFile.load(path)
        except FileNotFoundError:
            return cls(path, FIRST_HANDLE) if frozen else cls._begin(path)
        except OSError as why:
            raise _unreadable(path, why.strerror) from None
        except KeyFileError as why:
            raise _unreadable(path, why.desc) from None
        if not file.has(_GROUP, _KEY):
            return cls(path, FIRST_HANDLE)
        try:
            return cls(path, file.integer(_GROUP, _KEY))
        except KeyFileError:
            return cls(path, 0)  # as qemu-ga does

    @classmethod
    def _begin(cls, path: Path) -> "StateFile":
        state = cls(path, FIRST_HANDLE)
        try:
            state._commit(FIRST_HANDLE)
        except OSError as why:
            raise StartFailed(
                f"failed to write persistent state to {path}: "
                f"Failed to create file “{why.filename}”: {why.strerror}"
            ) from None
        return state

    def next_handle(self) -> int:
        """
        Return a handle that was never given out in this state directory.

        :raise CommandFailed: it could not be written down that the handle is taken.
        """
        handle = self._next
        try:
            self._commit(handle + 1)
        except OSError as why:
            raise CommandFailed("failed to commit persistent state to disk") from why
        self._next = handle + 1
        return handle

    def _commit(self, next_handle: int) -> None:
        """Replace the file in one step. :raise OSError: the old one is still there."""
        new = f"{self._path}.{os.urandom(3).hex()}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"[{_GROUP}]\n{_KEY}={next_handle}\n")
            Path(new).replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(new).unlink()
            raise


def _unreadable(path: Path, reason: str | None) -> StartFailed:
    return StartFailed(f"error loading persistent state from path: {path}, {reason}")
