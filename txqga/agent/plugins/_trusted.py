"""
Reading files that only root can have written.

Whoever writes a plug-in runs it with the agent's rights. So an agent that is root looks at each
folder on the way to a file, at each symbolic link and at the file itself; and it looks at what it
has opened, not at what then has that name: nothing can be exchanged between the look and the use.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from txqga.agent.plugins._fault import PluginFault

LONGEST = 1 << 20  #: octets of a file

_ROOT = 0
_LINKS = 40  #: symbolic links on a path, as many as the kernel follows
_WALK = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # it may be a FIFO


class TrustedFiles:
    """
    Folders and files, read if they can be trusted.

    :param strict: nobody but root may own them, or be able to write to them. Without, whoever runs
        the agent is trusted to know what files these are.
    :param status: tells of an open file.
    """

    def __init__(
        self,
        strict: bool | None = None,
        status: Callable[[int], os.stat_result] = os.fstat,
    ) -> None:
        self._strict = os.geteuid() == _ROOT if strict is None else strict
        self._status = status

    def folders(self, path: str) -> list[str]:
        """
        Return the names of the folders in a folder, sorted; links to folders are among them.

        :raise PluginFault: it cannot be trusted.
        :raise OSError: it cannot be read.
        """
        with self._opened(path, os.O_DIRECTORY) as folder, os.scandir(folder) as entries:
            return sorted(each.name for each in entries if _may_be_folder(each))

    def read(self, path: str) -> bytes:
        """
        Return what a file holds.

        :raise PluginFault: it cannot be trusted, or is no file that ends soon.
        :raise OSError: it cannot be read.
        """
        with self._opened(path, 0) as file:
            if not stat.S_ISREG(self._status(file).st_mode):
                raise PluginFault(f"{path} is not a file")
            pieces = []
            left = LONGEST + 1
            while left > 0 and (piece := os.read(file, left)):
                pieces.append(piece)
                left -= len(piece)
        if left <= 0:
            raise PluginFault(f"{path} is longer than {LONGEST} octets")
        return b"".join(pieces)

    @contextmanager
    def _opened(self, path: str, flags: int) -> Iterator[int]:
        found = self._walk(os.path.abspath(path))  # noqa: PTH100
        try:
            if self._strict and self._status(found).st_mode & 0o022:
                raise _writable(path)  # not even a sticky one
            # the same file, whatever has its name by now
            file = os.open(f"/proc/self/fd/{found}", _READ | flags)
        finally:
            os.close(found)
        try:
            yield file
        finally:
            os.close(file)

    def _walk(self, path: str) -> int:
        """Return a descriptor of what is at ``path``, after a look at all that leads there."""
        at = os.open("/", _WALK)
        walked, names, links = "/", path.split("/")[::-1], 0
        try:
            while names:
                name = names.pop()
                if name in ("", "."):
                    continue
                walked = os.path.join(walked, name)  # noqa: PTH118
                below = os.open(name, _WALK, dir_fd=at)
                status = self._status(below)
                if not stat.S_ISLNK(status.st_mode):
                    os.close(at)
                    at = below
                    self._check(walked, status)
                    continue
                try:
                    self._check(walked, status)
                    target = os.readlink("", dir_fd=below)
                finally:
                    os.close(below)
                links += 1
                if links > _LINKS:
                    raise PluginFault(f"{path} has too many symbolic links")
                names += target.split("/")[::-1]
                if target.startswith("/"):
                    os.close(at)
                    at, walked = os.open("/", _WALK), "/"
        except BaseException:
            os.close(at)
            raise
        return at

    def _check(self, path: str, status: os.stat_result) -> None:
        if not self._strict:
            return
        if status.st_uid != _ROOT:
            raise PluginFault(f"{path} belongs to user {status.st_uid}, and the agent runs as root")
        sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
        if not (sticky or stat.S_ISLNK(status.st_mode)) and status.st_mode & 0o022:
            raise _writable(path)


def _may_be_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that go round: whoever reads it is told
        return True


def _writable(path: str) -> PluginFault:
    return PluginFault(f"{path} can be written by others, and the agent runs as root")
