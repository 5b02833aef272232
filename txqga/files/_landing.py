"""
A folder of this host, into which a guest's files come.

Every step down is taken from the descriptor of the folder before, and never through a link: what
somebody may have planted in it leads nowhere.
"""

import os
import stat
from pathlib import Path

from attrs import define, field

from txqga.files._names import folded

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@define
class Landing:
    """
    A folder of this host, into which a guest's files come.

    :param root: its descriptor.
    """

    root: int
    _names: tuple[str, ...] = field(default=(), init=False)  #: of the folder that is open
    _open: int = field(default=-1, init=False)
    _known: dict[tuple[tuple[str, ...], str], str] = field(factory=dict, init=False)

    def folder(self, names: tuple[str, ...]) -> int:
        """
        Open a folder, which is made if it is not there.

        :return: its descriptor, which is good until the next one is asked for.
        :raise OSError: something else has that name.
        """
        if self._open >= 0 and names == self._names:
            return self._open
        at = os.dup(self.root)
        for name in names:
            try:
                try:
                    below = os.open(name, _FOLDER, dir_fd=at)
                except FileNotFoundError:
                    os.mkdir(name, dir_fd=at)
                    below = os.open(name, _FOLDER, dir_fd=at)
            finally:
                os.close(at)
            at = below
        self._leave()
        self._names, self._open = names, at
        return at

    def twin(self, names: tuple[str, ...]) -> str | None:
        """
        Name something that was put there before and is, for this filesystem, of the same name.

        :return: None: there is none, or it is only here that both are not the same.
        """
        inside, name = names[:-1], names[-1]
        before = self._known.setdefault((inside, folded(name)), name)
        if before == name:
            return None
        folder = self.folder(inside)
        try:
            one, other = (
                os.stat(each, dir_fd=folder, follow_symlinks=False) for each in (before, name)
            )
        except FileNotFoundError:
            return None
        return before if (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino) else None

    def link(self, names: tuple[str, ...], target: str) -> None:
        """
        Make a symbolic link, in the place of another.

        :raise OSError: something else is there.
        """
        folder, name = self.folder(names[:-1]), names[-1]
        try:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            pass
        else:
            if stat.S_ISLNK(found.st_mode):
                os.unlink(name, dir_fd=folder)
        os.symlink(target, name, dir_fd=folder)

    def settle(self, names: tuple[str, ...], mode: int | None, mtime: int | None) -> None:
        """Give a folder its mode and its time."""
        folder = self.folder(names)
        if mtime is not None:
            os.utime(folder, ns=(mtime, mtime))
        if mode is not None:
            os.fchmod(folder, mode & 0o777)

    def room(self) -> int:
        """Tell how many octets there is room for."""
        system = os.fstatvfs(self.root)
        return system.f_bavail * system.f_frsize

    def close(self) -> None:
        """Let go of everything."""
        self._leave()
        if self.root >= 0:
            root, self.root = self.root, -1
            os.close(root)

    def _leave(self) -> None:
        if self._open >= 0:
            folder, self._open = self._open, -1
            os.close(folder)


def open_landing(path: str | Path) -> Landing:
    """
    Open a folder of this host, which is made if it is not there; the one it is in has to be.

    :raise OSError: it cannot be.
    """
    Path(path).mkdir(exist_ok=True)
    return Landing(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
