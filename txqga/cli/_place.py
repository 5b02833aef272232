"""Where a file is: here, or in a guest."""

import ntpath
import posixpath
import re

import click
from attrs import frozen

#: What only a path of Windows begins with: a drive, a share, or a folder of the drive.
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\")

_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?", re.IGNORECASE)


@frozen
class Place:
    """Where a file is."""

    guest: str | None  #: None: here; empty: the agent that ``--connect`` names
    path: str

    @property
    def is_here(self) -> bool:
        """Whether it is on this host."""
        return self.guest is None

    @property
    def is_stream(self) -> bool:
        """Whether it is our standard input, or output."""
        return self.guest is None and self.path == "-"

    @property
    def is_windows(self) -> bool:
        """Whether it is in a guest with Windows, as far as the path tells: both slashes part it."""
        return not self.is_here and _WINDOWS.match(self.path) is not None

    @property
    def is_folder(self) -> bool:
        """Whether it ends as folders do, so that things are put into it."""
        return self.path == "" or self.path.endswith(self._slashes)

    @property
    def name(self) -> str:
        """Its last name; empty where it has none."""
        names = ntpath if self.is_windows else posixpath
        last = names.basename(self.path.rstrip("".join(self._slashes)))
        return "" if last in (".", "..") else last

    def below(self, name: str) -> "Place":
        """Give the place of a file in this folder."""
        slash = "\\" if self.is_windows and "/" not in self.path else "/"
        return Place(self.guest, f"{self.path.rstrip(''.join(self._slashes))}{slash}{name}")

    @property
    def _slashes(self) -> tuple[str, ...]:
        return ("/", "\\") if self.is_windows else ("/",)


def place_of(word: str) -> Place:
    """
    Read ``GUEST:PATH``, ``:PATH`` or ``PATH``.

    What has a slash before the colon is here, as with ``scp``.
    """
    guest, colon, path = word.partition(":")
    if not colon or "/" in guest:
        return Place(None, word)
    return Place(guest, path)


class Size(click.ParamType):  # type: ignore[type-arg]  # no class of old ones has any
    """
    A number of octets: ``4096``, ``64k``, ``10M``, ``1.5GiB``.

    :param least: as few as that.
    """

    name = "size"

    def __init__(self, least: int = 0) -> None:
        self._least = least

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read one."""
        found = _SIZE.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is no size: 4096, 64k, 10M and 1.5G are", param, ctx)
        size = int(float(found[1]) * 1024 ** " kmgt".index(found[2].lower() or " "))
        if size < self._least:
            self.fail(f"{value!r} is too little", param, ctx)
        return size


SIZE = Size()

#: Octets per second: with none of them it would take for ever.
RATE = Size(1)
