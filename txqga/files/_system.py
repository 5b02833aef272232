"""What a guest does with its files besides opening them."""

from enum import Enum
from typing import Protocol

from attrs import frozen

#: Folders in folders: a path of Linux has room for some more.
DEEPEST = 1000


class Kind(Enum):
    """What something in a folder is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


@frozen(kw_only=True)
class Stat:
    """What is known of a file."""

    kind: Kind
    mode: int | None = None  #: permissions, without set-user-ID and its like
    size: int | None = None
    mtime: int | None = None  #: nanoseconds since 1970
    target: str | None = None  #: what a symbolic link says


@frozen
class Entry:
    """Something in a folder, or below it."""

    names: tuple[str, ...]  #: the way to it
    stat: Stat


@frozen
class Tree:
    """What is in a folder, and below it."""

    entries: tuple[Entry, ...]
    complaints: tuple[str, ...] = ()  #: of what could not be read


class System(Protocol):
    """What a guest does with its files besides opening them."""

    can_rename: bool  #: whether there is anything it can do at all

    async def stat(self, path: str) -> Stat | None:
        """Tell of a file, or of what a link leads to; None: it is not there, or cannot be known."""

    async def create(self, path: str) -> None:
        """Make an empty file that nobody else may read, in the place of what was there."""

    async def settle(self, path: str, to: str, mode: int | None, mtime: int | None) -> list[str]:
        """
        Give a file its mode and its time, and its name.

        :return: what could not be kept, in words.
        :raise CommandFailed: it could not be renamed.
        """

    async def remove(self, path: str) -> None:
        """Remove a file of ours, if it is there."""

    async def make_folder(self, path: str) -> None:
        """Make a folder, if there is none, and those that it is in."""

    async def link(self, path: str, target: str) -> None:
        """Make a symbolic link, in the place of a file or link."""

    async def walk(self, path: str, most: int) -> Tree:
        """
        List a folder and all that is below it.

        :raise TooLarge: there are more names than that, or longer ones than fit.
        """
