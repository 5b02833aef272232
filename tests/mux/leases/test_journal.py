"""The journal of a mux."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from attrs import evolve
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.mux.leases.test_record import STANDING
from txqga.fsfreeze import Stage
from txqga.mux._folder import FolderError
from txqga.mux.leases import _journal
from txqga.mux.leases._journal import NAME, Journal


class JournalTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name) / "state"
        self.clock, self.boots = Clock(), "a"
        self.clock.advance(1001)
        self.work: list[tuple[Callable[[], None], Deferred[None]]] | None = None
        self.disk_size: int = 1 << 30

    def make(self) -> Journal:
        journal = Journal(
            self.clock,
            self.folder,
            self.run_it,
            lambda: self.clock.seconds() + 4000,
            lambda: self.boots,
            lambda descriptor: self.disk_size - self.taken(),
        )
        self.addCleanup(journal.abandon)
        return journal

    def open(self) -> Journal:
        journal = self.make()
        journal.open()
        return journal

    def run_it(self, work: Callable[[], None]) -> "Deferred[None]":
        if self.work is None:
            return maybeDeferred(work)
        done: Deferred[None] = Deferred()
        self.work.append((work, done))
        return done

    def disk(self) -> None:
        """What waits for the disk is done."""
        assert self.work is not None
        work, done = self.work.pop(0)
        maybeDeferred(work).chainDeferred(done)

    def taken(self) -> int:
        """Octets of all files in the folder."""
        return sum(each.stat().st_size for each in self.folder.iterdir())

    def lines(self) -> list[str]:
        return (self.folder / NAME).read_text().splitlines()[1:]

    def test_recall(self) -> None:
        """
        The next process knows how each guest stood; of one that was thawed there is nothing.
        """
        journal = self.open()
        self.assertIsNone(journal.recall("db1"))
        self.successResultOf(journal.note("db1", evolve(STANDING, stage=Stage.FREEZING)))
        self.successResultOf(journal.note("db1", STANDING))
        self.successResultOf(journal.note("db2", STANDING))
        self.successResultOf(journal.note("db2", evolve(STANDING, stage=Stage.THAWED)))
        self.successResultOf(Deferred.fromCoroutine(journal.close()))
        again = self.open()
        self.assertEqual(again.recall("db1"), STANDING)
        self.assertIsNone(again.recall("db2"))

    def test_hooks(self) -> None:
        """
        The next process knows for whom the hook was run, and not yet again; also when the file was
        written anew meanwhile.
        """
        self.disk_size = 0
        journal = self.open()
        self.successResultOf(journal.note_hook("6f", ["db1", "web1"]))
        self.successResultOf(journal.note_hook("7a", ["db2"]))
        self.successResultOf(journal.note_hook("7a", None))
        lease = evolve(STANDING.lease, group=("6f", 0))
        for _ in range(20):
            self.successResultOf(journal.note("db1", evolve(STANDING, lease=lease)))
        self.assertLess(len(self.lines()), 12)
        journal.abandon()
        again = self.open()
        self.assertEqual(again.hooked, {"6f": ("db1", "web1")})
        self.assertEqual(again.groups, {"6f"})

    def test_another_boot(self) -> None:
        """
        When the host was booted, no lease lasts any longer.
        """
        journal = self.open()
        journal.note("db1", STANDING)
        journal.abandon()
        self.boots = "b"
        found = self.open().recall("db1")
        assert found is not None
        self.assertEqual(found.lease.deadline, self.clock.seconds())

    def test_one_at_a_time(self) -> None:
        """
        What comes while the disk is busy is written together, and each is told when it is there.
        """
        journal = self.open()
        self.work = []
        first, second, third = (journal.note(f"db{number}", STANDING) for number in range(3))
        self.assertEqual(len(self.work), 1)
        self.disk()
        self.successResultOf(first)
        self.assertNoResult(second)
        closed = Deferred.fromCoroutine(journal.close())
        self.assertNoResult(closed)
        self.disk()
        self.successResultOf(second)
        self.successResultOf(third)
        self.successResultOf(closed)
        self.assertEqual(len(self.lines()), 3)

    def test_disk_full(self) -> None:
        """
        What cannot be written is told to whom it matters; the next one is tried.
        """
        journal = self.open()
        self.work = []
        noted = journal.note("db1", STANDING)
        self.work.pop()[1].errback(OSError("No space left on device"))
        self.failureResultOf(noted, OSError)
        again = journal.note("db1", STANDING)
        self.disk()
        self.successResultOf(again)

    def test_another_mux(self) -> None:
        """
        A state folder is one mux's.
        """
        journal = self.open()
        why = self.assertRaises(FolderError, self.make().open)
        self.assertIn("another mux keeps its state there", str(why))
        journal.abandon()
        self.open()

    def test_folder(self) -> None:
        """
        A folder in which others may write, a file that is something else, are refused.
        """
        self.folder.mkdir(mode=0o777)
        self.folder.chmod(0o777)
        self.assertIn("written by others", str(self.assertRaises(FolderError, self.open)))
        self.folder.chmod(0o700)
        (self.folder / NAME).write_text("hello\n")
        self.assertIn("is no journal", str(self.assertRaises(FolderError, self.open)))
        (self.folder / NAME).unlink()
        self.folder.rmdir()
        self.folder.write_text("hello")
        self.assertRaises(FolderError, self.open)

    def test_unreadable_line(self) -> None:
        """
        A line that cannot be read is left out, and the others count.
        """
        journal = self.open()
        journal.note("db1", STANDING)
        journal.abandon()
        with (self.folder / NAME).open("ab") as file:
            file.write(b'{"guest": 5}\n\0\0\0\n' + b"[" * 100_000 + b"\n")
        with capturedLogs() as seen:
            journal = self.open()
        self.assertEqual(journal.recall("db1"), STANDING)
        self.assertEqual(len([each for each in seen if "path" in each]), 3)

    def test_bounded(self) -> None:
        """
        The file does not grow without end, and keeps what matters.
        """
        self.patch(_journal, "OCTETS", 2000)
        journal = self.open()
        journal.note("db1", STANDING)
        for _ in range(50):
            journal.note("db2", STANDING)
            journal.note("db2", evolve(STANDING, stage=Stage.THAWED))
            self.assertLess(len(self.lines()), 15)
        journal.abandon()
        self.assertEqual(self.open().recall("db1"), STANDING)

    def test_small_disk(self) -> None:
        """
        Where the disk is small, the file stays much smaller than elsewhere: leases can be renewed.
        """
        self.disk_size = 16 << 10
        journal = self.open()
        for _ in range(1000):
            self.successResultOf(journal.note("db1", STANDING))
            self.assertLess(self.taken(), self.disk_size)
        journal.abandon()
        self.assertEqual(self.open().recall("db1"), STANDING)

    def test_no_room_left(self) -> None:
        """
        Where others have filled the disk, the file makes room for itself.
        """
        journal = self.open()
        for _ in range(20):
            self.successResultOf(journal.note("db1", STANDING))
        self.disk_size = 0
        write = os.write

        def full(descriptor: int, octets: memoryview) -> int:
            if self.lines():
                raise OSError(28, "No space left on device")
            return write(descriptor, octets)

        self.patch(os, "write", full)
        self.failureResultOf(journal.note("db1", STANDING), OSError)
        thawed = evolve(STANDING, stage=Stage.THAWED)
        self.successResultOf(journal.note("db1", thawed))
        journal.abandon()
        self.assertIsNone(self.open().recall("db1"))

    def test_forgets(self) -> None:
        """
        Guests that nobody has any more are not remembered without end.
        """
        self.patch(_journal, "MOST", 3)
        journal = self.open()
        for number in range(5):
            journal.note(f"db{number}", STANDING)
        known = [number for number in range(5) if journal.recall(f"db{number}")]
        self.assertEqual(known, [2, 3, 4])
