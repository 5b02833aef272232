"""A folder into the guest, with all that is below it."""

from pathlib import Path

from attrs import define, field

from txqga.files._kit import Kit
from txqga.files._local_tree import local_tree
from txqga.files._names import below, points_inside, shown
from txqga.files._options import Options
from txqga.files._progress import Meter
from txqga.files._push import Push
from txqga.files._report import Report
from txqga.files._skips import Skips
from txqga.files._source import path_source
from txqga.files._system import Entry, Kind, System
from txqga.files._tree import TreeCopy


@define(kw_only=True)
class PushTree:
    """A folder into the guest."""

    kit: Kit
    system: System
    options: Options
    meter: Meter
    source: Path
    path: str
    _skips: Skips = field(factory=Skips, init=False)

    async def run(self) -> Report:
        """Copy it."""
        found, skipped = await self.kit.aside.run(local_tree, self.source)
        self._skips.told += skipped
        entries = self._sound(found)
        files = [each for each in entries if each.stat.kind is Kind.FILE]
        self.meter.total = sum(each.stat.size or 0 for each in files)
        self.meter.total_files = len(files)
        await self.system.make_folder(self.path)
        copy = TreeCopy(
            steps=self,
            meter=self.meter,
            skips=self._skips,
            keep=self.options.keep,
            resume=self.options.resume,
        )
        return await copy.run(entries)

    def _sound(self, entries: list[Entry]) -> list[Entry]:
        """Leave out what cannot be copied."""
        sound = []
        for each in entries:
            why = None
            if not "/".join(each.names).isascii():
                try:
                    "/".join(each.names).encode("utf-8")
                except UnicodeEncodeError:
                    why = "its name is no UTF-8, and cannot be said"
            if each.stat.kind is Kind.OTHER:
                why = "it is a device, a pipe or a socket"
            target = each.stat.target
            if target is not None and not points_inside(target, len(each.names) - 1):
                why = f"it is a link that leads out of the folder, to {shown(target)}"
            if why is None:
                sound.append(each)
            else:
                self._skips.add(each.names, why)
        return sound

    async def make(self, entry: Entry) -> None:
        await self.system.make_folder(below(self.path, entry.names))

    async def copy(self, entry: Entry) -> Report:
        source = await self.kit.aside.open(path_source, self.source.joinpath(*entry.names), False)
        push = Push(
            kit=self.kit,
            system=self.system,
            options=self.options,
            meter=self.meter,
            source=source,
            path=below(self.path, entry.names),
        )
        try:
            return await push.run()
        finally:
            source.stop()
            await self.kit.aside.idle()
            source.close()

    async def link(self, entry: Entry) -> None:
        await self.system.link(below(self.path, entry.names), entry.stat.target or "")

    async def settle(self, entry: Entry) -> None:
        path = below(self.path, entry.names)
        lost = await self.system.settle(path, path, entry.stat.mode, entry.stat.mtime)
        for each in lost:
            self._skips.add(entry.names, f"not kept: {each}")
