"""The kernel's word that something has changed."""

import errno
import tempfile
from pathlib import Path

from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.mux.discovery._inotify import (
    CREATE,
    DELETE,
    DELETE_SELF,
    IGNORED,
    MOVED_FROM,
    MOVED_TO,
    Inotify,
    advice,
)


class InotifyTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="inotify", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.reactor = MemoryReactorClock()
        self.seen: list[tuple[int, int, str]] = []
        self.inotify = Inotify(self.reactor, lambda *event: self.seen.append(event))
        self.addCleanup(self.inotify.close)

    def read(self) -> list[tuple[int, str]]:
        """What has happened, without the number of the watch."""
        self.inotify.doRead()
        seen, self.seen = self.seen, []
        return [(mask & 0xFFFF, name) for _, mask, name in seen]

    def test_interface(self) -> None:
        """
        It is something to read from, until it is closed.
        """
        verifyObject(IReadDescriptor, self.inotify)
        self.assertEqual(self.reactor.getReaders(), [self.inotify])
        self.assertGreaterEqual(self.inotify.fileno(), 0)
        self.inotify.connectionLost(Failure(Exception()))
        self.inotify.close()
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertEqual(self.inotify.fileno(), -1)

    def test_names(self) -> None:
        """
        It tells the names that come and go, whatever octets they have.
        """
        self.inotify.watch(str(self.folder))
        (self.folder / "a").touch()
        (self.folder / "a").rename(self.folder / "b\udcff")
        (self.folder / "b\udcff").unlink()
        self.assertEqual(
            self.read(),
            [(CREATE, "a"), (MOVED_FROM, "a"), (MOVED_TO, "b\udcff"), (DELETE, "b\udcff")],
        )
        self.assertEqual(self.read(), [])

    def test_folder_goes(self) -> None:
        """
        When a watched folder goes, this is told, and the other watches hold.
        """
        gone, stays = self.folder / "gone", self.folder / "stays"
        gone.mkdir()
        stays.mkdir()
        self.inotify.watch(str(gone))
        self.inotify.watch(str(stays))
        gone.rmdir()
        self.assertEqual(self.read(), [(DELETE_SELF, ""), (IGNORED, "")])
        (stays / "a").touch()
        self.assertEqual(self.read(), [(CREATE, "a")])

    def test_two_names(self) -> None:
        """
        Two names of one folder are one watch.
        """
        link = self.folder / "link"
        link.symlink_to(self.folder)
        watch = self.inotify.watch(str(self.folder))
        self.assertEqual(self.inotify.watch(str(link)), watch)

    def test_no_folder(self) -> None:
        """
        What is no folder cannot be watched, and it is told why.
        """
        (self.folder / "file").touch()
        for name, code in (("file", errno.ENOTDIR), ("nothing", errno.ENOENT)):
            error = self.assertRaises(OSError, self.inotify.watch, str(self.folder / name))
            self.assertEqual(error.errno, code)

    def test_forget(self) -> None:
        """
        What is forgotten is told of no more, and can be forgotten twice.
        """
        watch = self.inotify.watch(str(self.folder))
        self.inotify.forget(watch)
        self.inotify.forget(watch)
        (self.folder / "a").touch()
        self.assertEqual(self.read(), [(IGNORED, "")])

    def test_crowd(self) -> None:
        """
        Of a crowd of events so many are taken at a time that others have their turns.
        """
        self.inotify.watch(str(self.folder))
        for number in range(2000):
            (self.folder / str(number)).touch()
        turns = []
        while seen := self.read():
            turns.append(len(seen))
        self.assertEqual(sum(turns), 2000)
        self.assertLess(max(turns), 1000)

    def test_closed_meanwhile(self) -> None:
        """
        Whoever closes it while being told is told nothing more.
        """

        def told(*event: object) -> None:
            told_of.append(event)
            inotify.close()

        told_of: list[object] = []
        inotify = Inotify(self.reactor, told)
        inotify.watch(str(self.folder))
        (self.folder / "a").touch()
        (self.folder / "b").touch()
        inotify.doRead()
        self.assertEqual(len(told_of), 1)

    def test_advice(self) -> None:
        """
        Where there is nothing to be had any more, it is said which setting is in the way.
        """
        self.assertIn("max_user_watches", advice(OSError(errno.ENOSPC, "")))
        self.assertIn("max_user_instances", advice(OSError(errno.EMFILE, "")))
        self.assertIn("permission denied", advice(OSError(errno.EACCES, "")))
        self.assertEqual(advice(OSError(errno.EIO, "I/O error")), "I/O error")
