"""
Which filesystem lies on which: none may be held still before what lies on it.

A filesystem in a file, behind a loop device, is written out when it is frozen, into the filesystem
where the file is. If that one were frozen already, the freeze would wait for ever. The kernel does
not need it of a filesystem that is merely mounted on a folder of another, but there what is
written last is held first as well.
"""

import contextlib
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from txqga.agent._octets import text
from txqga.agent.platform.linux._mounts import Mount, once
from txqga.agent.platform.linux._tree import Tree

Device = tuple[int, int]  #: major and minor number

_DELETED = " (deleted)"  #: what the kernel puts behind the name of a file that has none any more


def bottom_up(tree: Tree, found: Sequence[tuple[str, Mount | None]]) -> list[Mount]:
    """
    Return each filesystem that lies on a device, those first that others lie on.

    Otherwise the order of mounting is kept.

    :param found: everything that is mounted, in that order, with its folder.
    """
    mounts = once(mount for _, mount in found)
    folders = _Folders(found)
    files = {each.device: set(_of_files(tree, folders, each.device)) for each in mounts}
    both = {device: set(below) for device, below in files.items()}
    for number, (_, mount) in enumerate(found):
        if mount is not None:
            both[mount.device].update(folders.under(number, mount.device))
    return _sorted(mounts, files, both)


class _Folders:
    """Where everything is mounted."""

    def __init__(self, found: Sequence[tuple[str, Mount | None]]) -> None:
        self._found = found
        self._numbers: dict[str, list[int]] = {}
        for number, (folder, _) in enumerate(found):
            self._numbers.setdefault(folder, []).append(number)

    def under(self, number: int, device: Device) -> Iterator[Device]:
        """Yield the device of the mount on whose folder another one is, if it is another."""
        folder = self._found[number][0]
        before = [each for each in self._numbers[folder] if each < number]
        yield from self._first(device, before, folder)

    def of_file(self, path: str, device: Device) -> Iterator[Device]:
        """Yield the device of the mount in which a file is."""
        yield from self._first(device, [], path)

    def _first(self, device: Device, numbers: Sequence[int], folder: str) -> Iterator[Device]:
        """Go up from ``folder`` to the first mount that lies on a device, and on another one."""
        while True:
            for number in reversed(numbers):
                mount = self._found[number][1]
                if mount is not None and mount.device != device:
                    yield mount.device
                    return
            if folder in ("/", ""):
                return
            folder = posixpath.dirname(folder)
            numbers = self._numbers.get(folder, ())


def _of_files(tree: Tree, folders: _Folders, device: Device) -> Iterator[Device]:
    """Yield the devices of the filesystems in whose files a device has its content."""
    for path in _backing(tree, "/sys/dev/block/{}:{}".format(*device), set()):
        yield from folders.of_file(path, device)


def _backing(tree: Tree, link: str, seen: set[str]) -> Iterator[str]:
    """Yield the paths of those files: of a loop device, and of those that another is made of."""
    try:
        folder = tree.resolve(link)
    except OSError:
        return
    if folder in seen:
        return
    seen.add(folder)
    with contextlib.suppress(OSError):
        path = text(tree.read(f"{folder}/loop/backing_file").rstrip(b"\n"))
        yield path.removesuffix(_DELETED)
    with contextlib.suppress(OSError):
        tree.read(f"{folder}/partition")
        yield from _backing(tree, posixpath.dirname(folder), seen)
    with contextlib.suppress(OSError):
        for part in tree.links(f"{folder}/slaves"):
            yield from _backing(tree, f"{folder}/slaves/{part}", seen)


def _sorted(
    mounts: Iterable[Mount],
    files: Mapping[Device, set[Device]],
    both: Mapping[Device, set[Device]],
) -> list[Mount]:
    """
    Take from the top what nothing lies on any more, the last mounted first; return it upside down.

    Devices that are mounted more than once can lie on each other: then only files count, which
    cannot go round in circles.
    """
    left = list(mounts)
    loads = [Counter(on for each in left for on in below[each.device]) for below in (both, files)]
    taken: list[Mount] = []
    while left:
        free = (each for load in loads for each in reversed(left) if not load[each.device])
        mount = next(free, left[-1])
        left.remove(mount)
        taken.append(mount)
        for load, below in zip(loads, (both, files), strict=True):
            load.subtract(below[mount.device])
    return taken[::-1]
