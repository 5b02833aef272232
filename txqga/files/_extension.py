"""A guest whose agent is ours: it knows what to do with files."""

from typing import Any

from attrs import define, field

from txqga.errors import CommandFailed, CommandNotFound, TooLarge
from txqga.files._asked import Asked
from txqga.files._guest_file import DEADLINE
from txqga.files._names import LONGEST
from txqga.files._system import DEEPEST, Entry, Kind, Stat, Tree
from txqga.schema import extended, structure
from txqga.wire import JSON

#: All that is needed; agents of ours that are older have less.
COMMANDS = tuple(
    f"txqga-file-{name}"
    for name in ("stat", "list", "create", "set", "rename", "remove", "make-folder", "link")
)


@define
class Extension:
    """A guest whose agent is ours."""

    guest: Asked
    can_rename: bool = field(default=True, init=False)

    async def stat(self, path: str) -> Stat | None:
        try:
            told = await self._ask("stat", path=path, follow=True)
        except CommandNotFound:
            raise
        except CommandFailed:
            return None
        return _stat(structure(extended(), "TxqgaFileStatus", told))

    async def create(self, path: str) -> None:
        await self.remove(path)
        await self._ask("create", path=path)

    async def settle(self, path: str, to: str, mode: int | None, mtime: int | None) -> list[str]:
        lost = []
        for what, value in (("mode", mode), ("mtime", mtime)):
            if value is not None:
                try:
                    await self._ask("set", path=path, **{what: value})
                except CommandNotFound:
                    raise
                except CommandFailed:  # a filesystem that has none
                    lost.append("mode" if what == "mode" else "time")
        if path != to:
            await self._ask("rename", path=path, to=to, sync=True)
        return lost

    async def remove(self, path: str) -> None:
        await self._ask("remove", path=path)

    async def make_folder(self, path: str) -> None:
        await self._ask("make-folder", path=path)

    async def link(self, path: str, target: str) -> None:
        await self.remove(path)
        await self._ask("link", path=path, target=target)

    async def walk(self, path: str, most: int) -> Tree:
        entries: list[Entry] = []
        complaints: list[str] = []
        waiting: list[tuple[str, ...]] = [()]
        room = _Room(path, most)
        while waiting:
            names = waiting.pop()
            begun = len(entries)
            try:
                await self._list(path, names, entries, room)
            except CommandNotFound:
                raise
            except CommandFailed as why:
                if not names:
                    raise
                complaints.append(why.desc[:200])
            waiting += [each.names for each in entries[begun:] if each.stat.kind is Kind.FOLDER]
        return Tree(tuple(entries), tuple(complaints[:100]))

    async def _list(
        self, path: str, names: tuple[str, ...], entries: list[Entry], room: "_Room"
    ) -> None:
        given: dict[str, JSON] = {"path": "/".join((path, *names))}
        while True:
            told = await self._ask("list", **given)
            said = structure(extended(), "TxqgaFileListing", told)
            here = [Entry((*names, each.name), _stat(each)) for each in said.entries]
            room.take(here)
            entries += here
            if len(names) > DEEPEST:
                raise TooLarge(path, room.most)
            if said.next is None or not said.entries:
                return
            given["after"] = said.next

    async def _ask(self, name: str, **arguments: JSON) -> JSON:
        return await self.guest.call(f"txqga-file-{name}", arguments, deadline=DEADLINE)


@define
class _Room:
    """What a listing may be of: a guest can say names without end, and names that have none."""

    path: str
    most: int  #: names
    _names: int = field(default=0, init=False)
    _characters: int = field(default=0, init=False)

    def take(self, entries: list[Entry]) -> None:
        """
        Make room for so much more.

        :raise TooLarge: there is none.
        """
        self._names += len(entries)
        for each in entries:
            self._characters += sum(map(len, each.names)) + len(each.stat.target or "")
        if self._names > self.most or self._characters > self.most * LONGEST:
            raise TooLarge(self.path, self.most)


def _stat(said: Any) -> Stat:
    kind = getattr(said.type, "value", said.type)
    return Stat(
        kind=Kind(kind) if kind in {each.value for each in Kind} else Kind.OTHER,
        mode=said.mode & 0o777,
        size=max(0, said.size),
        mtime=said.mtime if 0 <= said.mtime < 1 << 63 else None,
        target=said.target,
    )
