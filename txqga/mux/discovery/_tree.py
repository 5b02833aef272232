"""
The folders that lead to the sockets of one pattern, as they were when they were last looked at.

A place is looked at when something is said to have happened there; what is found decides, not what
was said. A folder is watched before it is listed, so that what appears in between is not missed.
"""

import os
import stat
from collections.abc import Callable, Iterator

from attrs import define, field

from txqga.mux._inventory import VM
from txqga.mux.discovery._pattern import Watch

#: A path, and how many of the pattern's parts it fits.
Place = tuple[str, int]

#: Sockets that one pattern may find. What is beyond is not looked at.
MOST = 10_000


@define
class _Folder:
    """A folder that is there."""

    watch: int
    depth: int
    names: set[str] = field(factory=set)  #: those in it that fit the pattern's next part


class Tree:
    """
    The folders that lead to the sockets of one pattern.

    :param mark: watches a folder for us, and returns the number of the watch; raises ``OSError``
        where it is none.
    :param unmark: ends that.
    """

    def __init__(
        self,
        watch: Watch,
        mark: Callable[["Tree", Place], int],
        unmark: Callable[["Tree", Place, int], None],
    ) -> None:
        self.watch = watch
        self.found: dict[str, VM] = {}  #: by path, the oldest first
        self.faults: dict[str, str] = {}  #: why sockets are left alone, by path
        self._mark = mark
        self._unmark = unmark
        self._folders: dict[str, _Folder] = {}

    @property
    def root(self) -> Place:
        """Where to look first."""
        return "/", 0

    def child(self, place: Place, name: str) -> Place | None:
        """Say where to look when something happened to ``name`` in a folder; None: nowhere."""
        path, depth = place
        folder = self._folders.get(path)
        if folder is None or not self.watch.parts[depth].fits(name):
            return None
        folder.names.add(name)
        return os.path.join(path, name), depth + 1  # noqa: PTH118 - Path is slow, and of thousands

    def look(self, place: Place) -> Iterator[Place]:
        """Look at a place; return where to look next."""
        path, depth = place
        if depth == len(self.watch.parts):
            self._look_at_socket(path)
        else:
            yield from self._look_at_folder(path, depth)

    def close(self) -> None:
        """Watch nothing more."""
        self._leave(self.root[0])

    # -- inside

    def _look_at_folder(self, path: str, depth: int) -> Iterator[Place]:
        place, part = (path, depth), self.watch.parts[depth]
        try:
            watch = self._mark(self, place)
        except OSError:
            self._leave(path)
            return
        before = self._folders.get(path)
        gone = set() if before is None else before.names
        if before is not None and before.watch != watch:
            self._unmark(self, place, before.watch)
        folder = self._folders[path] = _Folder(watch, depth)
        try:
            names = os.listdir(path) if part.literal is None else [part.literal]  # noqa: PTH208
        except OSError:
            names = []
        folder.names.update(name for name in names if part.fits(name))
        for name in (*sorted(folder.names), *(gone - folder.names)):
            yield os.path.join(path, name), depth + 1  # noqa: PTH118

    def _look_at_socket(self, path: str) -> None:
        try:
            found = os.lstat(path)
        except OSError:
            found = None
        if found is None or not stat.S_ISSOCK(found.st_mode):
            self.found.pop(path, None)
            self.faults.pop(path, None)
            return
        file = found.st_dev, found.st_ino
        known = self.found.get(path)
        if known is not None and known.file == file:
            return
        self.found.pop(path, None)
        self.faults.pop(path, None)
        try:
            if len(self.found) >= MOST:
                raise ValueError(f"{self.watch.glob} has found {MOST} sockets already")
            self.found[path] = self.watch.guest(path, file)
        except ValueError as why:
            if len(self.faults) < MOST:
                self.faults[path] = str(why)

    def _leave(self, path: str) -> None:
        folder = self._folders.pop(path, None)
        if folder is None:
            self.found.pop(path, None)
            self.faults.pop(path, None)
            return
        self._unmark(self, (path, folder.depth), folder.watch)
        for name in folder.names:
            self._leave(os.path.join(path, name))  # noqa: PTH118
