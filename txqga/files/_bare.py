"""A guest that can open files, and nothing else: one without a shell, such as Windows."""

from typing import NoReturn

from attrs import define, field

from txqga.errors import CommandNotFound
from txqga.files._system import Stat, Tree


def _cannot(what: str) -> NoReturn:
    raise CommandNotFound(f"the guest's agent cannot {what}, and there is no shell", "guest-exec")


@define
class Bare:
    """A guest that can open files, and nothing else."""

    can_rename: bool = field(default=False, init=False)

    async def stat(self, path: str) -> Stat | None:
        return None

    async def create(self, path: str) -> None:
        _cannot("make files that others may not read")

    async def settle(self, path: str, to: str, mode: int | None, mtime: int | None) -> list[str]:
        lost = ["mode"] if mode is not None else []
        return [*lost, "time"] if mtime is not None else lost

    async def remove(self, path: str) -> None:
        _cannot("remove files")

    async def make_folder(self, path: str) -> None:
        _cannot("make folders")

    async def link(self, path: str, target: str) -> None:
        _cannot("make links")

    async def walk(self, path: str, most: int) -> Tree:
        _cannot("list folders")
