"""What a listening port makes of the connections that it accepts."""

from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from twisted.internet.unix import Port
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeSocket, Reactor, real
from txqga.transports.sockets import UnixConnection, prompt


class Echo(Protocol):
    """Says what it hears."""

    def dataReceived(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)


class PromptTests(SynchronousTestCase):
    def test_at_once(self) -> None:
        """
        A client is answered within the turn of the reactor in which it is heard.
        """
        reactor, client = Reactor(), FakeSocket()
        port = Port(b"/nowhere", Factory(), reactor=reactor)
        self.assertIs(prompt(port), port)
        echo = Echo()
        connection = port.transport(real(client), echo, None, port, 1, reactor)
        echo.makeConnection(connection)
        self.assertIsInstance(connection, UnixConnection)
        client.unread = [b"ping"]
        (watched,) = reactor.getReaders()
        reactor.readable(watched)
        self.assertEqual(client.sent, b"ping")
        self.assertEqual(reactor.getWriters(), [])

    def test_other_reactors(self) -> None:
        """
        A port of another kind is left as it is.
        """
        port = MemoryReactorClock().listenUNIX("/nowhere", Factory())
        before = dict(vars(port))
        self.assertIs(prompt(port), port)
        self.assertEqual(vars(port), before)
