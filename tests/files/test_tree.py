"""A folder with all that is below it, copied one way or the other."""

from twisted.internet.task import Clock

from tests.files._case import FilesCase
from txqga.errors import CommandFailed
from txqga.files import Progress, Report
from txqga.files._progress import Meter
from txqga.files._skips import Skips
from txqga.files._system import Entry, Kind, Stat
from txqga.files._tree import TreeCopy

ENTRIES = [
    Entry(tuple(path.split("/")), Stat(kind=kind))
    for path, kind in (
        ("a", Kind.LINK),
        ("d", Kind.FOLDER),
        ("d/e", Kind.FOLDER),
        ("d/e/f", Kind.FILE),
        ("d/g", Kind.FILE),
    )
]


class Noted:
    """Steps that are only noted; what is to fail does."""

    def __init__(self, meter: Meter, fails: str = "") -> None:
        self.meter = meter
        self.fails = fails
        self.did: list[str] = []

    def _note(self, what: str, entry: Entry) -> None:
        step = f"{what} {'/'.join(entry.names)}"
        self.did.append(step)
        if step == self.fails:
            raise CommandFailed("no")

    async def make(self, entry: Entry) -> None:
        self._note("make", entry)

    async def copy(self, entry: Entry) -> Report:
        self.meter.came(3)
        self._note("copy", entry)
        return Report(octets=3)

    async def link(self, entry: Entry) -> None:
        self._note("link", entry)

    async def settle(self, entry: Entry) -> None:
        self._note("settle", entry)


class TreeCopyTests(FilesCase):
    def copy(self, *, fails: str = "", keep: bool = True) -> Report:
        self.told: list[Progress] = []
        meter = Meter(Clock(), self.told.append)
        self.steps = Noted(meter, fails)
        tree = TreeCopy(steps=self.steps, meter=meter, skips=Skips(), keep=keep)
        self.bare()
        report: Report = self.now(tree.run(ENTRIES))
        return report

    def test_order(self) -> None:
        """
        Folders come first, links last; and what is in a folder is settled before it.
        """
        report = self.copy()
        did = ["make d", "make d/e", "copy d/e/f", "copy d/g", "link a", "settle d/e", "settle d"]
        self.assertEqual(self.steps.did, did)
        counted = (report.folders, report.files, report.links, report.octets)
        self.assertEqual(counted, (2, 2, 1, 6))
        self.assertEqual((self.told[-1].files, self.told[-1].name), (2, "d/g"))
        self.copy(keep=False)
        self.assertEqual(self.steps.did, did[:5])

    def test_skipped(self) -> None:
        """
        What fails is told, does not count, and keeps nothing else from being copied.
        """
        for fails, counted in (
            ("make d/e", (1, 2, 1, 6)),
            ("copy d/e/f", (2, 1, 1, 3)),
            ("link a", (2, 2, 0, 6)),
            ("settle d", (2, 2, 1, 6)),
        ):
            report = self.copy(fails=fails)
            name = fails.split()[1]
            self.assertEqual([(each.name, each.why) for each in report.skipped], [(name, "no")])
            told = (report.folders, report.files, report.links, report.octets)
            self.assertEqual(told, counted, fails)
            self.assertEqual(self.told[-1].octets, report.octets)
