"""
A descriptor that tells what has changed.

What devices do is shown by ``tests/functional/test_devices.py``; here are pipes.
"""

import os
from errno import EMFILE
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, select

from twisted.trial.unittest import SynchronousTestCase

from txqga.transports.devices import Edges, _edges


class EdgesTests(SynchronousTestCase):
    def setUp(self) -> None:
        ours, self.theirs = os.pipe2(os.O_NONBLOCK)
        self.edges = Edges(ours)
        self.addCleanup(self.close)

    def close(self) -> None:
        if self.edges.fileno() >= 0:
            self.edges.close()
        if self.theirs >= 0:
            os.close(self.theirs)

    def hang_up(self) -> None:
        os.close(self.theirs)
        self.theirs = -1

    def told(self) -> bool:
        """Whether whoever watches it has a wake now."""
        return bool(select([self.edges.fileno()], [], [], 0)[0])

    def test_once(self) -> None:
        """
        A change is told once, though what changed is still there.
        """
        self.assertFalse(self.told())
        os.write(self.theirs, b"abc")
        self.assertTrue(self.told())
        self.assertEqual(self.edges.changed(), EPOLLIN)
        self.assertFalse(self.told())
        self.assertEqual(self.edges.changed(), 0)
        self.assertEqual(self.edges.read(2), b"ab")

    def test_look_again(self) -> None:
        """
        Who asks is told again, if there is something.
        """
        self.edges.look_again()
        self.assertFalse(self.told())
        os.write(self.theirs, b"abc")
        self.edges.changed()
        self.edges.look_again()
        self.assertTrue(self.told())
        self.assertEqual(self.edges.changed(), EPOLLIN)

    def test_gone(self) -> None:
        """
        That the other end has gone is told once, though it is so for ever.
        """
        self.hang_up()
        self.assertEqual(self.edges.changed(), EPOLLHUP)
        self.assertEqual(self.edges.read(10), b"")
        self.assertFalse(self.told())

    def test_nothing_yet(self) -> None:
        """
        Reading what is not there yet is an error, and so is writing where nothing fits.
        """
        self.assertRaises(BlockingIOError, self.edges.read, 10)
        ours, theirs = os.pipe2(os.O_NONBLOCK)
        writing = Edges(theirs)
        self.addCleanup(writing.close)
        self.assertEqual(writing.changed(), EPOLLOUT)
        with self.assertRaises(BlockingIOError):
            while True:
                writing.write(memoryview(bytes(4096)))
        self.assertEqual(writing.changed(), 0)
        os.read(ours, 1 << 20)
        self.assertEqual(writing.changed(), EPOLLOUT)
        os.close(ours)
        self.assertEqual(writing.changed(), EPOLLOUT | EPOLLERR)

    def test_never_changes(self) -> None:
        """
        There are devices at whose other end nobody can ever be.
        """
        edges = Edges(os.open(os.devnull, os.O_RDWR))
        self.addCleanup(edges.close)
        edges.look_again()
        self.assertEqual(edges.changed(), 0)
        self.assertEqual(edges.write(memoryview(b"abc")), 3)

    def test_too_many(self) -> None:
        """
        Where it cannot be watched, it is not left open either.
        """

        def fails(size: int) -> None:
            raise OSError(EMFILE, "Too many open files")

        self.patch(_edges, "epoll", fails)
        ours, theirs = os.pipe()
        self.addCleanup(os.close, theirs)
        self.assertRaises(OSError, Edges, ours)
        self.assertRaises(OSError, os.fstat, ours)

    def test_close(self) -> None:
        """
        A closed one has no descriptor any more, and nobody can be told.
        """
        self.edges.close()
        self.assertEqual(self.edges.fileno(), -1)
        self.edges.look_again()
