"""Lines of the audit on their way to the file."""

import threading
from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux.policy import _audit
from txqga.mux.policy._audit import Audit


class FakeFile:
    """Takes lines, unless the disk is full."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.failure: OSError | None = None
        self.room = 1000  #: for so many lines
        self.changed = threading.Event()

    def append(self, lines: Sequence[bytes]) -> int:
        if self.failure is not None:
            raise self.failure
        if not self.room:
            raise OSError("disk full")
        done = lines[: self.room]
        self.room -= len(done)
        self.written += done
        self.changed.set()
        return len(done)


class AuditTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = FakeFile()
        self.complaints: list[str] = []
        self.audit = Audit(self.file, self.complaints.append, lambda: 0.0)

    def write(self, *lines: bytes) -> None:
        for line in lines:
            self.audit.write(line)

    def test_order(self) -> None:
        """
        Lines are written in the order in which they came, once each.
        """
        self.write(b"a\n", b"b\n")
        self.assertEqual(self.file.written, [])
        self.assertTrue(self.audit.write_out())
        self.write(b"c\n")
        self.assertTrue(self.audit.write_out())
        self.assertTrue(self.audit.write_out())
        self.assertEqual(self.file.written, [b"a\n", b"b\n", b"c\n"])

    def test_failure(self) -> None:
        """
        What cannot be written waits, and is complained of once until it can.
        """
        self.file.failure = OSError("disk full")
        self.write(b"a\n")
        self.assertFalse(self.audit.write_out())
        self.write(b"b\n")
        self.assertFalse(self.audit.write_out())
        self.assertEqual(self.complaints, ["disk full"])
        self.file.failure = None
        self.assertTrue(self.audit.write_out())
        self.assertEqual(self.file.written, [b"a\n", b"b\n"])
        self.file.failure = OSError("gone")
        self.write(b"c\n")
        self.assertFalse(self.audit.write_out())
        self.assertEqual(self.complaints, ["disk full", "gone"])

    def test_partly(self) -> None:
        """
        What was written before there was no room any more is not written again.
        """
        self.file.room = 2
        self.write(b"a\n", b"b\n", b"c\n")
        self.assertFalse(self.audit.write_out())
        self.assertEqual(self.complaints, ["disk full"])
        self.file.room = 2
        self.assertTrue(self.audit.write_out())
        self.assertEqual(self.file.written, [b"a\n", b"b\n", b"c\n"])

    def test_bound(self) -> None:
        """
        What there is no room for is counted, and a line tells how many are missing.
        """
        self.patch(_audit, "MOST", 2)
        self.file.failure = OSError("disk full")
        self.write(b"a\n", b"b\n", b"c\n", b"d\n")
        self.assertFalse(self.audit.write_out())
        self.write(b"e\n")
        self.file.failure = None
        self.assertTrue(self.audit.write_out())
        *lines, missing = self.file.written
        self.assertEqual(lines, [b"a\n", b"b\n"])
        self.assertIn(b'"lost": 3', missing)
        self.write(b"f\n")
        self.assertTrue(self.audit.write_out())
        self.assertEqual(self.file.written[3:], [b"f\n"])

    def test_thread(self) -> None:
        """
        Another thread writes; at the end it writes what is left.
        """
        self.audit.start()
        self.write(b"a\n")
        self.assertTrue(self.file.changed.wait(60))
        self.write(b"b\n")
        self.audit.stop()
        self.assertEqual(self.file.written, [b"a\n", b"b\n"])

    def test_thread_and_failure(self) -> None:
        """
        The end does not wait for a disk that stays full.
        """
        self.file.failure = OSError("disk full")
        self.audit.start()
        self.write(b"a\n")
        self.audit.stop()
        self.assertEqual(self.complaints, ["disk full"])

    def test_never_started(self) -> None:
        """
        What was never started can be stopped.
        """
        self.audit.stop()
