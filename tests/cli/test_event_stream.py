"""Events, as they come."""

from typing import Any

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.client import ResponseDone

from txqga.cli._event_stream import LONGEST, SILENCE, Events


class EventsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[Any] = []
        self.clock = Clock()
        self.events = Events(lambda kind, data: self.told.append((kind, data)), self.clock)
        self.transport = StringTransport()
        self.events.makeConnection(self.transport)  # type: ignore[no-untyped-call]

    def test_cut(self) -> None:
        """
        However the octets are cut, events are whole.
        """
        for octet in b"event: a\ndata: [1]\n\n: beat\n\ndata: 2\n\n":
            self.events.dataReceived(bytes([octet]))
        self.assertEqual(self.told, [("a", [1]), ("message", 2)])

    def test_endless(self) -> None:
        """
        An event that does not end is not kept.
        """
        self.events.dataReceived(b"x" * (LONGEST + 1))
        self.assertTrue(self.transport.disconnecting)

    def test_cancelled(self) -> None:
        """
        Whoever follows no more closes the connection.
        """
        self.events.ended.cancel()
        self.failureResultOf(self.events.ended)
        self.assertTrue(self.transport.disconnecting)
        self.events.connectionLost(Failure(ResponseDone()))

    def test_silent(self) -> None:
        """
        A mux that gives no sign of life for long is given up, its network may be gone.
        """
        for _ in range(3):
            self.clock.advance(SILENCE - 0.1)
            self.events.dataReceived(b": beat\n\n")
        self.assertFalse(self.transport.disconnecting)
        self.clock.advance(SILENCE)
        self.assertTrue(self.transport.disconnecting)
        self.events.connectionLost(Failure(ResponseDone()))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_nonsense(self) -> None:
        """
        What is no JSON ends it: that is no mux.
        """
        self.events.dataReceived(b"id: 7\ndata: 1\n\ndata: <html>\n\n")
        self.assertEqual((self.told, self.events.last), ([("message", 1)], "7"))
        self.assertTrue(self.transport.disconnecting)
