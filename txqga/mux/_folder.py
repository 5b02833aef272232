"""
The folder of the guests' sockets.

What is left of a mux that was killed is replaced; what somebody serves is not. Two that start at
the same time must not take each other's new sockets for old ones, so whoever claims holds a lock
on the folder itself meanwhile: it leaves no file behind.
"""

import contextlib
import errno
import fcntl
import os
import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from txqga.errors import CannotStart
from txqga.mux._callers import peer_of

#: Octets of a UNIX socket's path: ``sun_path`` of ``sockaddr_un``, less the NUL at its end.
LONGEST = 107


class FolderError(CannotStart):
    """A socket cannot be served, and why."""


class Folder:
    """The folder of the guests' sockets."""

    def __init__(self, path: Path, mode: int = 0o700) -> None:
        """:param mode: of the folder, if it has to be made."""
        self.path = path
        self._mode = mode

    def socket(self, name: str) -> Path:
        """
        Say where the socket of a guest is.

        :raise FolderError: its path is too long for a UNIX socket.
        """
        path = self.path / f"{name}.sock"
        octets = len(os.fsencode(path))
        if octets > LONGEST:
            raise FolderError(
                f"{path} has {octets} octets, and the path of a UNIX socket has {LONGEST} at "
                "most: choose a folder with a shorter path"
            )
        return path

    @contextlib.contextmanager
    def claim(self, names: Iterable[str]) -> Iterator[None]:
        """
        Make the folder, and room in it for the sockets of these guests; then hold the place.

        :raise FolderError: somebody serves one of them, or others may replace what is in the
            folder, or it cannot be written.
        """
        paths = [self.socket(name) for name in names]
        try:
            self.path.mkdir(mode=self._mode, parents=True, exist_ok=True)
        except OSError as why:
            raise FolderError(f"{self.path}: {why.strerror}") from why
        with room(self.path, paths, check_owner):
            yield


@contextlib.contextmanager
def room(
    folder: Path,
    paths: Iterable[Path],
    check: Callable[[Path, os.stat_result], object] = lambda folder, found: None,
) -> Iterator[None]:
    """
    Make room for sockets in a folder; then hold the place.

    :param check: is given the folder before anything is done there; what it raises comes out.
    :raise FolderError: somebody serves one of them, or there is no such folder.
    """
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as why:
        raise FolderError(f"{folder}: {why.strerror}") from why
    try:
        check(folder, os.fstat(lock))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            raise FolderError(f"{folder}: another mux is just starting there; try again") from why
        for path in paths:
            _make_room(path)
        yield
    finally:
        os.close(lock)


def check_owner(path: Path, found: os.stat_result) -> None:
    """
    Complain of a folder in which others may replace what we put there.

    :raise FolderError: it is one.
    """
    own = os.geteuid()
    if found.st_uid not in (0, own):
        raise FolderError(
            f"{path} belongs to uid {found.st_uid}, who could replace what is in it; "
            f"it must be root's or uid {own}'s"
        )
    if found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX:
        raise FolderError(
            f"{path} may be written by others, who could replace what is in it: chmod go-w {path}"
        )


def _make_room(path: Path) -> None:
    """Remove the socket of a mux that is gone."""
    try:
        found = path.lstat()
        if not stat.S_ISSOCK(found.st_mode):
            raise FolderError(f"{path} is there, and no socket: remove it")
        with socket.socket(socket.AF_UNIX) as probe:
            probe.setblocking(False)
            code = probe.connect_ex(os.fsencode(path))
            if code in (0, errno.EAGAIN):
                who = f"process {peer_of(probe).pid}" if code == 0 else "another process"
                raise FolderError(f"{path} is served by {who} already")
            if code not in (errno.ECONNREFUSED, errno.ENOENT):
                raise FolderError(f"{path} is there: {os.strerror(code)}")
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    except OSError as why:
        raise FolderError(f"{path}: {why.strerror}") from why
