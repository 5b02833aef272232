"""Batches that wait."""

from pathlib import Path

from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor.sinks._spool import Spool


class SpoolTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp()) / "deep" / "spool"

    def spool(self, memory: int = 10, disk: int = 30) -> Spool:
        return Spool(self.folder, memory, disk)

    def all(self, spool: Spool) -> list[tuple[str, bytes]]:
        """Deliver all of them."""
        found = []
        while (first := spool.first()) is not None:
            found.append(first)
            spool.done(first[0])
        self.assertEqual((len(spool), spool.size), (0, 0))
        return found

    def files(self) -> list[str]:
        return sorted(each.name for each in self.folder.iterdir())

    def test_in_order(self) -> None:
        """
        The first to come is the first to go, whether it waits in memory or in a file.
        """
        spool = self.spool()
        for name in ("a", "b", "c", "d"):
            spool.put(name, f"{{{name * 2}}}".encode())
        self.assertEqual((len(spool), spool.size), (4, 16))
        self.assertEqual(self.files(), ["c.batch", "d.batch"])
        self.assertEqual(self.all(spool), [(name, f"{{{name * 2}}}".encode()) for name in "abcd"])
        self.assertEqual((self.files(), spool.dropped), ([], 0))

    def test_next_life(self) -> None:
        """
        What waits at the end is found again, in order, before what comes then.
        """
        spool = self.spool()
        for name in ("a", "b"):
            spool.put(name, f"{{{name}}}".encode())
        spool.close()
        spool = self.spool()
        spool.put("c", b"{c}")
        self.assertEqual(self.all(spool), [("a", b"{a}"), ("b", b"{b}"), ("c", b"{c}")])

    def test_bounded(self) -> None:
        """
        What is too much goes, the oldest first, and is counted.
        """
        spool = self.spool()
        names = [f"{number:02}" for number in range(20)]
        for name in names:
            spool.put(name, b"{12}")
        kept = [name for name, _ in self.all(spool)]
        self.assertEqual(kept, names[-len(kept) :])
        self.assertEqual(len(kept) + spool.dropped, 20)
        self.assertGreaterEqual(len(kept), 7)
        self.assertEqual(self.files(), [])

    def test_bounded_before(self) -> None:
        """
        What an earlier life has left is bounded, too.
        """
        spool = self.spool(disk=1000)
        for number in range(10):
            spool.put(f"{number}", b"{123456}")
        spool.close()
        spool = self.spool(disk=20)
        self.assertEqual((len(spool), spool.dropped), (2, 8))

    def test_memory_only(self) -> None:
        """
        Without a folder memory is the bound, and nothing outlives the end.
        """
        spool = Spool(None, 10)
        for name in ("a", "b", "c"):
            spool.put(name, b"{12}")
        spool.close()
        self.assertEqual(spool.dropped, 1)
        self.assertEqual([name for name, _ in self.all(spool)], ["b", "c"])

    def test_gone_meanwhile(self) -> None:
        """
        That of which the delivery is heard late may be gone: the next one is not taken for it.
        """
        spool = Spool(None, 10)
        spool.put("a", b"{123456}")
        spool.put("b", b"{123456}")
        spool.done("a")
        self.assertEqual(spool.first(), ("b", b"{123456}"))

    def test_unreadable(self) -> None:
        """
        A file that is gone is a batch that is lost, and counted; the rest is delivered.
        """
        spool = self.spool()
        for name in ("a", "b", "c", "d"):
            spool.put(name, b"{12}")
        (self.folder / "c.batch").unlink()
        with capturedLogs() as seen:
            self.assertEqual([name for name, _ in self.all(spool)], ["a", "b", "d"])
        self.assertEqual((spool.dropped, len(seen)), (1, 1))

    def test_power_lost(self) -> None:
        """
        A file that was not written to its end is a batch that is lost, and counted; no platform
        takes it, and some would be sent it for ever. What else was being written goes.
        """
        spool = self.spool()
        for name in ("a", "b", "c", "d"):
            spool.put(name, b"{12}")
        spool.close()
        for name, octets in (("a", b""), ("b", b"{1"), ("c", b"{1\0\0")):
            (self.folder / f"{name}.batch").write_bytes(octets)
        (self.folder / "e.new").write_bytes(b"{1")
        spool = self.spool()
        self.assertEqual(len(self.files()), 4)
        with capturedLogs() as seen:
            self.assertEqual([name for name, _ in self.all(spool)], ["d"])
        self.assertEqual((spool.dropped, len(seen), self.files()), (3, 3, []))

    def test_full_disk(self) -> None:
        """
        What cannot be filed stays in memory, as far as there is room.
        """
        spool = self.spool()

        def write(path: Path, octets: bytes) -> int:
            raise OSError(28, "No space left on device")

        self.patch(Path, "write_bytes", write)
        with capturedLogs() as seen:
            for name in ("a", "b", "c", "d"):
                spool.put(name, b"{12}")
        self.assertIn("stays in memory", seen[0]["log_format"])
        self.assertEqual((len(spool), spool.dropped), (3, 1))
        self.assertEqual(self.files(), [])

    def test_full_disk_with_much(self) -> None:
        """
        What is in files already stays there while the disk is full, and is delivered.
        """
        spool = self.spool(disk=1000)
        for number in range(9):
            spool.put(f"a{number}", b"{12}")
        spool.close()
        spool = self.spool(disk=1000)

        def write(path: Path, octets: bytes) -> int:
            raise OSError(28, "No space left on device")

        self.patch(Path, "write_bytes", write)
        with capturedLogs():
            for number in range(9):
                spool.put(f"b{number}", b"{12}")
        found = [name for name, _ in self.all(spool)]
        self.assertEqual(found, [*(f"a{number}" for number in range(9)), "b6", "b7", "b8"])
        self.assertEqual(spool.dropped, 6)

    def test_private(self) -> None:
        """
        Nobody else may look into the folder.
        """
        self.spool()
        self.assertEqual(self.folder.stat().st_mode & 0o777, 0o700)
