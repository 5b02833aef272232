"""The files in which Linux tells about itself, under a root that may be another folder's."""

import os
from collections.abc import Callable

from attrs import frozen

from txqga.agent._octets import octets, text


@frozen
class Tree:
    """
    A file tree. Paths begin with a slash and mean what they mean below ``root``.

    Names are text of the wire (:func:`txqga.agent._octets.text`), listed in the order of the
    folder, as C's ``readdir`` gives them. Every method raises OSError.
    """

    root: str = ""  #: the folder that stands for ``/``, without a slash at its end

    def real(self, path: str) -> bytes:
        """Return what the system calls ``path``."""
        return octets(self.root + path)

    def read(self, path: str) -> bytes:
        """Return what a file holds."""
        with open(self.real(path), "rb", buffering=0) as file:  # noqa: PTH123 - it is octets
            return file.readall()

    def names(self, folder: str) -> list[str]:
        """Return the names of everything in a folder."""
        return [text(name) for name in os.listdir(self.real(folder))]  # noqa: PTH208

    def links(self, folder: str) -> list[str]:
        """Return the names of the symbolic links in a folder."""
        return self._entries(folder, lambda entry: entry.is_symlink())

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        return self._entries(folder, lambda entry: entry.is_dir(follow_symlinks=False))

    def target(self, link: str) -> str:
        """Return what a symbolic link says."""
        return text(os.readlink(self.real(link)))  # noqa: PTH115

    def resolve(self, path: str) -> str:
        """Return the path behind all symbolic links."""
        root = os.path.realpath(octets(self.root)).rstrip(b"/") if self.root else b""
        return text(os.path.realpath(self.real(path), strict=True).removeprefix(root))

    def _entries(self, folder: str, wanted: Callable[["os.DirEntry[bytes]"], bool]) -> list[str]:
        with os.scandir(self.real(folder)) as entries:
            return [text(entry.name) for entry in entries if wanted(entry)]
