"""The agent's ends of the pipes to its children."""

import os

from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IReadDescriptor, IWriteDescriptor
from twisted.internet.testing import MemoryReactor
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.agent._pipes import Pipes


class PipesTestCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactor()
        self.pipes = Pipes(self.reactor)
        self.reads, self.writes = os.pipe()
        self.open = {self.reads, self.writes}
        self.addCleanup(self.shut_all)

    def shut(self, fd: int) -> None:
        os.close(fd)
        self.open.remove(fd)

    def shut_all(self) -> None:
        for fd in self.open:
            os.close(fd)

    def given_away(self, fd: int) -> None:
        """Whoever has this end closes it, and has done so now."""
        self.assertRaises(OSError, os.fstat, fd)
        self.open.remove(fd)


class CollectTests(PipesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.taken: list[bytes] = []
        self.ends = 0
        self.pipes.collect(self.reads, self.taken.append, self.ended)
        (self.source,) = self.reactor.getReaders()

    def ended(self) -> None:
        self.ends += 1

    def test_interface(self) -> None:
        """
        The reactor can read from it.
        """
        verifyObject(IReadDescriptor, self.source)
        self.assertEqual(self.source.fileno(), self.reads)
        self.assertIsInstance(self.source.logPrefix(), str)

    def test_pieces(self) -> None:
        """
        Each piece is handed on as it comes; nothing there yet is nothing.
        """
        self.source.doRead()
        os.write(self.writes, b"abc")
        self.source.doRead()
        self.source.doRead()
        os.write(self.writes, b"def")
        self.source.doRead()
        self.assertEqual(self.taken, [b"abc", b"def"])
        self.assertEqual(self.ends, 0)

    def test_end(self) -> None:
        """
        When nobody can write any more, what is left is read, and then the end is told, once.
        """
        os.write(self.writes, b"abc")
        self.shut(self.writes)
        self.source.doRead()
        self.assertEqual((self.taken, self.ends), ([b"abc"], 0))
        self.source.doRead()
        self.assertEqual((self.taken, self.ends), ([b"abc"], 1))
        self.assertEqual(self.reactor.getReaders(), [])
        self.given_away(self.reads)
        self.pipes.close()

    def test_hang_up(self) -> None:
        """
        A hang-up is the end.
        """
        self.reactor.removeReader(self.source)
        self.source.connectionLost(Failure(ConnectionLost()))
        self.assertEqual(self.ends, 1)
        self.given_away(self.reads)

    def test_close(self) -> None:
        """
        Closing them all tells nobody.
        """
        self.pipes.close()
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertEqual(self.ends, 0)
        self.given_away(self.reads)


class FeedTests(PipesTestCase):
    def read(self) -> bytes:
        return os.read(self.reads, 1 << 20)

    def test_little(self) -> None:
        """
        What fits is written at once, and the pipe is closed behind it.
        """
        self.pipes.feed(self.writes, b"abc")
        self.assertEqual(self.reactor.getWriters(), [])
        self.given_away(self.writes)
        self.assertEqual(self.read(), b"abc")
        self.assertEqual(self.read(), b"")

    def test_nothing(self) -> None:
        """
        Empty input is a pipe that has ended.
        """
        self.pipes.feed(self.writes, b"")
        self.given_away(self.writes)
        self.assertEqual(self.read(), b"")

    def test_much(self) -> None:
        """
        What does not fit is written as it is read at the other end.
        """
        data = bytes(range(256)) * 1000
        self.pipes.feed(self.writes, data)
        (sink,) = self.reactor.getWriters()
        verifyObject(IWriteDescriptor, sink)
        self.assertEqual(sink.fileno(), self.writes)
        self.assertIsInstance(sink.logPrefix(), str)
        sink.doWrite()  # the pipe is as full as before
        got = b""
        while self.reactor.getWriters():
            got += self.read()
            sink.doWrite()
        self.given_away(self.writes)
        while more := self.read():
            got += more
        self.assertEqual(got, data)

    def test_unwanted(self) -> None:
        """
        When nobody reads, the rest is dropped, and that is no error.
        """
        self.pipes.feed(self.writes, bytes(1 << 20))
        (sink,) = self.reactor.getWriters()
        self.shut(self.reads)
        sink.doWrite()
        self.assertEqual(self.reactor.getWriters(), [])
        self.given_away(self.writes)

    def test_unwanted_at_once(self) -> None:
        """
        Nor is it an error when nobody reads from the beginning.
        """
        self.shut(self.reads)
        self.pipes.feed(self.writes, b"abc")
        self.given_away(self.writes)

    def test_hang_up(self) -> None:
        """
        A hang-up ends the feeding.
        """
        self.pipes.feed(self.writes, bytes(1 << 20))
        (sink,) = self.reactor.getWriters()
        self.reactor.removeWriter(sink)
        sink.connectionLost(Failure(ConnectionLost()))
        self.given_away(self.writes)
        self.pipes.close()

    def test_close(self) -> None:
        """
        Closing them all drops what was not written yet.
        """
        self.pipes.feed(self.writes, bytes(1 << 20))
        self.pipes.close()
        self.assertEqual(self.reactor.getWriters(), [])
        self.given_away(self.writes)
