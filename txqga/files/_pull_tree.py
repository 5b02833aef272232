"""
A folder out of the guest, with all that is below it.

What the guest says of it is looked at before anything is made here.
"""

from errno import ENOSPC

from attrs import define, field

from txqga.errors import TooLarge
from txqga.files._kit import Kit
from txqga.files._landing import Landing
from txqga.files._names import below, fault, points_inside, shown
from txqga.files._options import Options
from txqga.files._progress import Meter
from txqga.files._pull import UNSAID, Pull
from txqga.files._report import Report
from txqga.files._skips import Skips
from txqga.files._system import Entry, Kind, System, Tree
from txqga.files._target import FileTarget
from txqga.files._tree import TreeCopy


@define(kw_only=True)
class PullTree:
    """
    A folder out of the guest.

    :param tree: what the guest says is in it.
    :param most: octets that all files may be of.
    """

    kit: Kit
    system: System
    options: Options
    meter: Meter
    path: str
    tree: Tree
    landing: Landing
    most: int | None
    _skips: Skips = field(factory=Skips, init=False)
    _budget: int = field(default=0, init=False)  #: octets that may still come

    async def run(self) -> Report:
        """Copy it."""
        for why in self.tree.complaints:
            self._skips.add((), why)
        entries = self._sound(self.tree.entries)
        await self._check([each for each in entries if each.stat.kind is Kind.FILE])
        copy = TreeCopy(
            steps=self,
            meter=self.meter,
            skips=self._skips,
            keep=self.options.keep,
            resume=self.options.resume,
        )
        return await copy.run(entries)

    def _sound(self, entries: tuple[Entry, ...]) -> list[Entry]:
        """Leave out what cannot be copied, and sort."""
        seen: set[tuple[str, ...]] = set()
        sound = []
        for each in entries:
            why = next(filter(None, map(fault, each.names)), None)
            if why is None and each.names in seen:
                why = "it was listed twice"
            if why is None and each.stat.kind is Kind.OTHER:
                why = "it is a device, a pipe or a socket"
            if why is None and each.stat.kind is Kind.LINK:
                why = _astray(each)
            if why is None:
                seen.add(each.names)
                sound.append(each)
            else:
                self._skips.add(each.names, why)
        return sorted(sound, key=lambda each: each.names)

    async def _check(self, files: list[Entry]) -> None:
        octets = sum(each.stat.size or 0 for each in files)
        if self.most is not None and octets > self.most:
            raise TooLarge(shown(self.path), self.most)
        if octets > self.landing.room():
            raise OSError(ENOSPC, f"there is no room for {octets} octets")
        # a guest may tell of little and have more; not so much that it fills a disk
        self._budget = octets + UNSAID if self.most is None else self.most
        self.meter.total = octets if all(each.stat.size is not None for each in files) else None
        self.meter.total_files = len(files)

    async def make(self, entry: Entry) -> None:
        await self._alone(entry)
        await self.kit.aside.run(self.landing.folder, entry.names)

    async def copy(self, entry: Entry) -> Report:
        await self._alone(entry)
        folder = await self.kit.aside.run(self.landing.folder, entry.names[:-1])
        before = self.meter.octets
        target = FileTarget(folder, entry.names[-1])
        pull = Pull(
            kit=self.kit,
            system=self.system,
            options=self.options,
            meter=self.meter,
            path=below(self.path, entry.names),
            target=target,
            stat=entry.stat,
            most=self._budget,
            counts=False,
        )
        try:
            report = await pull.run()
        except Exception:
            if self.options.resume:  # what has come is here still
                self._budget -= self.meter.octets - before
            raise
        finally:
            await self.kit.aside.idle()
            target.close()
        self._budget -= report.octets
        return report

    async def link(self, entry: Entry) -> None:
        await self._alone(entry)
        await self.kit.aside.run(self.landing.link, entry.names, entry.stat.target or "")

    async def settle(self, entry: Entry) -> None:
        stat = entry.stat
        await self.kit.aside.run(self.landing.settle, entry.names, stat.mode, stat.mtime)

    async def _alone(self, entry: Entry) -> None:
        twin = await self.kit.aside.run(self.landing.twin, entry.names)
        if twin is not None:
            raise FileExistsError(None, f"here it is the same as {shown(twin)}")


def _astray(entry: Entry) -> str | None:
    target = entry.stat.target
    if target is None:
        return "it is a link, and the guest does not tell where it leads to"
    if not points_inside(target, len(entry.names) - 1):
        return f"it is a link that leads out of the folder, to {shown(target)}"
    return None
