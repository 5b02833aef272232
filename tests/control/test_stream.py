"""One connection that follows events."""

from types import SimpleNamespace
from typing import Any

from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IPushProducer
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest
from zope.interface.verify import verifyObject

from txqga.control._feed import UNREAD, Feed
from txqga.control._stream import Stream
from txqga.mux import Event


class Request(DummyRequest):
    """One whose connection can be lost from our side."""

    lost = aborted = False

    @property
    def channel(self) -> Any:
        """Where its transport is."""
        return SimpleNamespace(transport=self)

    @channel.setter
    def channel(self, channel: object) -> None:
        """It stays what it is."""

    def abortConnection(self) -> None:
        self.aborted = True

    def loseConnection(self) -> None:
        self.lost = True

    def registerProducer(self, prod: object, s: bool) -> None:
        """It is asked for nothing here."""


class StreamTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.feed = Feed(Clock(), lambda: 0.0, "life")
        self.request = Request([b""])
        self.stream = Stream(self.request, self.feed, self.sees, None)
        self.stream.start()

    def happen(self, guest: str = "db1") -> None:
        self.feed.tell(Event(kind="guest-added", guest=guest))

    def sees(self, guest: str) -> bool:
        return guest == "db1"

    def test_interface(self) -> None:
        """
        It is paused as any producer is.
        """
        verifyObject(IPushProducer, self.stream)

    def test_begins(self) -> None:
        """
        The answer begins at once, so whoever asked knows that it is heard.
        """
        self.assertEqual(self.request.written, [b": follow\n\n"])
        self.assertEqual(
            self.request.responseHeaders.getRawHeaders("content-type"), ["text/event-stream"]
        )

    def test_paused(self) -> None:
        """
        While its client does not read, nothing is written.
        """
        self.stream.pauseProducing()
        self.happen()
        self.assertEqual(len(self.request.written), 1)
        self.stream.resumeProducing()
        self.assertEqual(len(self.request.written), 2)

    def test_hidden(self) -> None:
        """
        Of a guest of which its client may not know nothing is told.
        """
        self.happen("db2")
        self.assertEqual(len(self.request.written), 1)

    def test_gone(self) -> None:
        """
        When the client has gone it follows no more.
        """
        self.stream.stopProducing()
        self.request.processingFailed(Failure(ConnectionLost()))
        self.happen()
        self.assertEqual(len(self.request.written), 1)

    def test_never_reads(self) -> None:
        """
        A client that never reads is cut off, and not waited for: there is room for another.
        """
        self.stream.pauseProducing()
        for _ in range(UNREAD // 50):
            self.happen()
        self.assertTrue(self.request.aborted)
        self.assertFalse(self.request.lost)

    def test_let_go(self) -> None:
        """
        When the daemon ends, the connection does.
        """
        self.feed.close()
        self.assertTrue(self.request.lost)
