"""
A folder into the guest, with all that is below it.

What cannot be copied is told in the end, and the rest is.
"""

from pathlib import Path

from attrs import define, field

from txqga.files._kit import Kit
from txqga.files._local_tree import local_tree
from txqga.files._names import below, points_inside, shown
from txqga.files._options import Options
from txqga.files._progress import Meter
from txqga.files._push import Push
from txqga.files._report import Report, together
from txqga.files._skips import Skips
from txqga.files._source import path_source
from txqga.files._system import Entry, Kind, System


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
    _reports: list[Report] = field(factory=list, init=False)
    _links: int = field(default=0, init=False)

    async def run(self) -> Report:
        """Copy it."""
        found, skipped = await self.kit.aside.run(local_tree, self.source)
        self._skips.told += skipped
        entries = self._sound(found)
        files = [each for each in entries if each.stat.kind is Kind.FILE]
        folders = [each for each in entries if each.stat.kind is Kind.FOLDER]
        self.meter.total = sum(each.stat.size or 0 for each in files)
        self.meter.total_files = len(files)
        await self.system.make_folder(self.path)
        folders = [each for each in folders if await self._skips.did(each.names, self._make(each))]
        for each in files:
            await self._skips.did(each.names, self._push(each))
        for each in entries:
            if each.stat.kind is Kind.LINK and await self._skips.did(each.names, self._link(each)):
                self._links += 1
        if self.options.keep:
            for each in reversed(folders):  # what is in one is settled before it
                await self._skips.did(each.names, self._settle(each))
        return together(
            self._reports, folders=len(folders), links=self._links, skipped=self._skips.told
        )

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

    async def _make(self, entry: Entry) -> None:
        await self.system.make_folder(below(self.path, entry.names))

    async def _push(self, entry: Entry) -> None:
        source = await self.kit.aside.open(path_source, self.source.joinpath(*entry.names), False)
        self.meter.name = shown("/".join(entry.names))
        before = self.meter.octets
        push = Push(
            kit=self.kit,
            system=self.system,
            options=self.options,
            meter=self.meter,
            source=source,
            path=below(self.path, entry.names),
        )
        try:
            self._reports.append(await push.run())
        except Exception:
            self.meter.octets = before
            raise
        finally:
            source.stop()
            await self.kit.aside.idle()
            source.close()
        self.meter.finished()

    async def _link(self, entry: Entry) -> None:
        await self.system.link(below(self.path, entry.names), entry.stat.target or "")

    async def _settle(self, entry: Entry) -> None:
        path = below(self.path, entry.names)
        lost = await self.system.settle(path, path, entry.stat.mode, entry.stat.mtime)
        for each in lost:
            self._skips.add(entry.names, f"not kept: {each}")
