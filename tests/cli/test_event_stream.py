"""Events, as they come."""

from typing import Any

from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.client import ResponseDone

from txqga.cli._event_stream import LONGEST, Events


class EventsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[Any] = []
        self.events = Events(lambda kind, data: self.told.append((kind, data)))
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
