"""
Which filesystems lie on a device, and where they are mounted. Facts 5.1.

What freezing, trimming and ``guest-get-fsinfo`` work on: neither network filesystems nor those in
memory, and each device once, where it was mounted first.
"""

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from txqga.agent._octets import text
from txqga.agent.platform.linux._tree import Tree
from txqga.errors import CommandFailed

MOUNTINFO = "/proc/self/mountinfo"
MOUNTS = "/proc/self/mounts"

_DEVICE = re.compile(rb"(\d+):(\d+)")
_ESCAPE = re.compile(rb"\\(\\|[0-3][0-7]{2})")
_NETWORK = ("smbfs", "cifs")  #: whose sources begin with a slash too


@frozen(kw_only=True)
class Mount:
    """A filesystem that is mounted."""

    device: tuple[int, int]  #: major and minor number
    folder: str
    type: str


@frozen(kw_only=True)
class Line:
    """What a line of the kernel's lists says."""

    folder: str
    type: str
    source: str
    device: tuple[int, int] | None = None  #: told by one of the lists only


def mounts(tree: Tree, status: Callable[[bytes], os.stat_result]) -> list[Mount]:
    """
    Return what is mounted on devices, in the order of mounting.

    :param status: as ``os.stat``; tells what a source is.
    :raise CommandFailed: the kernel does not tell.
    """
    return once(mount for _, mount in all_mounts(tree, status))


def once(found: Iterable[Mount | None]) -> list[Mount]:
    """Return each device once, where it was mounted first."""
    first: dict[tuple[int, int], Mount] = {}
    for mount in filter(None, found):
        first.setdefault(mount.device, mount)
    return list(first.values())


def all_mounts(
    tree: Tree, status: Callable[[bytes], os.stat_result]
) -> list[tuple[str, Mount | None]]:
    """
    Return the folder of everything that is mounted, and what it is if that lies on a device.

    :raise CommandFailed: the kernel does not tell.
    """

    def source(path: str) -> os.stat_result | None:
        try:
            return status(tree.real(path))
        except OSError:
            return None

    try:
        lines, take = parse_mountinfo(tree.read(MOUNTINFO)), _by_number
    except OSError:
        try:
            lines, take = parse_mounts(tree.read(MOUNTS)), _by_source
        except OSError as why:
            raise CommandFailed(f"failed to open mtab file: '{MOUNTS}'") from why
    return [(line.folder, take(source, line)) for line in lines]


def parse_mountinfo(octets: bytes) -> Iterator[Line]:
    """Yield what each line of ``/proc/self/mountinfo`` says, if it can be read."""
    for words in _lines(octets):
        device = _DEVICE.match(words[2]) if len(words) > 5 else None
        with contextlib.suppress(ValueError):
            kind, source, *_ = words[words.index(b"-", 5) + 1 :]
            if device is not None:
                yield Line(
                    folder=_decoded(words[4]),
                    type=text(kind),
                    source=_decoded(source),
                    device=(int(device[1]), int(device[2])),
                )


def parse_mounts(octets: bytes) -> Iterator[Line]:
    """Yield what each line of ``/proc/self/mounts`` says, if it can be read."""
    for words in _lines(octets):
        with contextlib.suppress(ValueError):
            source, folder, kind, *_ = words
            yield Line(folder=_decoded(folder), type=text(kind), source=_decoded(source))


def _lines(octets: bytes) -> Iterator[list[bytes]]:
    """
    Yield the words of each line.

    A path has its blanks, tabs and line feeds escaped, and no other white space: that is part of
    it, and users may have a say in paths.
    """
    for line in octets.split(b"\n"):
        yield [word for word in line.split(b" ") if word]


def _by_number(source: Callable[[str], os.stat_result | None], line: Line) -> Mount | None:
    """Take the device that the line tells; a subvolume of btrfs has a number of its own."""
    device = line.device
    if device is None or device[0] == 0:
        status = source(line.source) if line.type == "btrfs" else None
        if status is None or not stat.S_ISBLK(status.st_mode):
            return None
        device = os.major(status.st_rdev), os.minor(status.st_rdev)
    return Mount(device=device, folder=line.folder, type=line.type)


def _by_source(source: Callable[[str], os.stat_result | None], line: Line) -> Mount | None:
    """Take the device that the source is; a folder as source is one mounted elsewhere."""
    if not line.source.startswith("/") or line.type in _NETWORK:
        return None
    status = source(line.source)
    if status is not None and stat.S_ISDIR(status.st_mode):
        return None
    known = status is not None and stat.S_ISBLK(status.st_mode)
    number = status.st_rdev if status is not None and known else 0
    return Mount(device=(os.major(number), os.minor(number)), folder=line.folder, type=line.type)


def _decoded(word: bytes) -> str:
    """Return a path of the list, in which blanks and the like are told by their numbers."""

    def character(escape: re.Match[bytes]) -> bytes:
        return b"\\" if escape[1] == b"\\" else bytes([int(escape[1], 8)])

    return text(_ESCAPE.sub(character, word))
