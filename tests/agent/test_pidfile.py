"""A daemon's pidfile."""

import os
import stat
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._pidfile import PidFile
from txqga.agent._start import StartFailed


class PidFileTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())

    def lock(self) -> PidFile:
        return PidFile.lock(str(self.path))

    def test_written(self) -> None:
        """
        It holds a number and a newline, and only its owner may read it.
        """
        file = self.lock()
        file.write(123456)
        file.write(77)
        self.assertEqual(self.path.read_bytes(), b"77\n")
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)

    def test_locked(self) -> None:
        """
        While one agent has it no other one can, and what is in it stays.
        """
        file = self.lock()
        file.write(1)
        with self.assertRaises(StartFailed) as caught:
            self.lock()
        self.assertEqual(
            str(caught.exception), "Cannot lock pid file: Resource temporarily unavailable"
        )
        self.assertEqual(self.path.read_text(), "1\n")

    def test_left_behind(self) -> None:
        """
        The file of an agent that was killed is taken over.
        """
        self.path.write_text("123456789\n")
        self.lock().write(2)
        self.assertEqual(self.path.read_text(), "2\n")

    def test_removed(self) -> None:
        """
        It is removed at the end, unless it is another one's by then.
        """
        file = self.lock()
        file.remove()
        self.assertFalse(self.path.exists())
        self.path.write_text("another's\n")
        file.remove()
        self.assertEqual(self.path.read_text(), "another's\n")

    def test_removed_by_another(self) -> None:
        """
        Who gets the lock in the moment in which the file is removed makes a new one.
        """
        before = len(list(Path("/proc/self/fd").iterdir()))
        there = [False, False, True]
        self.patch(PidFile, "_is_there", lambda file: there.pop(0))
        self.lock()
        self.assertEqual(there, [])
        self.assertEqual(len(list(Path("/proc/self/fd").iterdir())), before + 1)

    def test_elsewhere(self) -> None:
        """
        It is found again by a daemon, which changes its folder.
        """
        here = Path.cwd()
        self.addCleanup(os.chdir, here)
        file = PidFile.lock("pid")
        os.chdir("/")
        file.remove()
        self.assertFalse((here / "pid").exists())

    def test_cannot_be_made(self) -> None:
        """
        A file that cannot be made is an error.
        """
        with self.assertRaises(StartFailed) as caught:
            PidFile.lock("/nonexistent/pid")
        self.assertEqual(
            str(caught.exception), "Could not create '/nonexistent/pid': No such file or directory"
        )

    def test_cannot_be_written(self) -> None:
        """
        Nor is it passed over when the disk is full.
        """
        file = PidFile(Path("/dev/full"), os.open("/dev/full", os.O_RDWR))
        with self.assertRaises(StartFailed) as caught:
            file.write(1)
        self.assertIn("Failed to write pid file: ", str(caught.exception))
