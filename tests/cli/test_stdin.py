"""What is typed, or comes through a pipe."""

import os

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli import _stdin
from txqga.cli._stdin import Stdin, TooMuch, stdin_of


class Readers:
    """A reactor that knows who reads."""

    def __init__(self) -> None:
        self.readers: list[Stdin] = []

    def addReader(self, reader: Stdin) -> None:
        self.readers.append(reader)

    def removeReader(self, reader: Stdin) -> None:
        self.readers.remove(reader)


class StdinTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.readers = Readers()
        reading, self.writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(lambda: os.close(self.writing) if self.writing >= 0 else None)
        self.stdin = Stdin(self.readers, reading)

    def come(self, data: bytes) -> None:
        """Something is typed; nothing: the end."""
        if data:
            os.write(self.writing, data)
        else:
            os.close(self.writing)
            self.writing = -1
        for each in list(self.readers.readers):
            each.doRead()

    def test_read(self) -> None:
        """
        What comes is read when somebody wants it, up to the end.
        """
        self.assertFalse(self.stdin.is_terminal)
        waiting = self.stdin.read()
        self.assertNoResult(waiting)
        self.come(b"hello")
        self.assertEqual(self.successResultOf(waiting), b"hello")
        self.assertEqual(self.readers.readers, [])
        waiting = self.stdin.read()
        self.come(b"")
        self.assertEqual(self.successResultOf(waiting), b"")

    def test_cancelled(self) -> None:
        """
        Who waits no longer takes nothing away.
        """
        waiting = self.stdin.read()
        waiting.cancel()
        self.failureResultOf(waiting, CancelledError)
        self.assertEqual(self.readers.readers, [])
        waiting = self.stdin.read()
        self.come(b"hello")
        self.assertEqual(self.successResultOf(waiting), b"hello")

    def test_all(self) -> None:
        """
        All of it is what came up to the end.
        """
        waiting = Deferred.fromCoroutine(self.stdin.read_all())
        for data in (b"hel", b"lo", b""):
            self.come(data)
        self.assertEqual(self.successResultOf(waiting), b"hello")

    def test_too_much(self) -> None:
        """
        No more than a guest could be given is kept.
        """
        self.patch(_stdin, "MOST", 4)
        waiting = Deferred.fromCoroutine(self.stdin.read_all())
        self.come(b"hello")
        self.failureResultOf(waiting, TooMuch)

    def test_ours(self) -> None:
        """
        Our own standard input is one, where it is open.
        """
        self.assertIsInstance(stdin_of(self.readers), Stdin)

    def test_lost(self) -> None:
        """
        A descriptor that is of no use ends; one that cannot be read fails.
        """
        waiting = self.stdin.read()
        self.stdin.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.successResultOf(waiting), b"")
        broken = Stdin(self.readers, os.open("/", os.O_RDONLY))
        self.addCleanup(os.close, broken.fileno())
        waiting = broken.read()
        broken.doRead()
        self.failureResultOf(waiting, OSError)
