"""A connection between host and guest."""

from twisted.internet.interfaces import IAddress, ITransport
from twisted.internet.protocol import Protocol
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from tests.transports.endpoints._factory import Recorder
from tests.transports.endpoints._vsock_sockets import FakeVsock, real
from txqga.transports.endpoints import VsockAddress
from txqga.transports.endpoints._vsock_connection import VsockConnection


class Refusing(Protocol):
    """Wants no connection."""

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.transport.loseConnection()


class VsockConnectionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.socket = FakeVsock()

    def connection(self, protocol: Protocol) -> VsockConnection:
        made = VsockConnection(real(self.socket), protocol, self.reactor, VsockAddress(3, 1024))
        made.start()
        return made

    def test_addresses(self) -> None:
        """
        Its ends have the addresses that are known between host and guest.
        """
        connection = self.connection(Recorder())
        verifyObject(ITransport, connection)
        verifyObject(IAddress, connection.getPeer())
        self.assertEqual(connection.getHost(), VsockAddress(2, 5000))
        self.assertEqual(connection.getPeer(), VsockAddress(3, 1024))

    def test_both_ways(self) -> None:
        """
        What is written is sent, and what is sent is received.
        """
        recorder = Recorder()
        connection = self.connection(recorder)
        self.socket.unread = [b"hello"]
        self.reactor.readable(connection)
        connection.write(b"world")  # type: ignore[no-untyped-call]
        self.reactor.writable(connection)
        self.assertEqual((recorder.received, self.socket.sent), ([b"hello"], b"world"))

    def test_refused(self) -> None:
        """
        A protocol that wants no connection reads nothing.
        """
        connection = self.connection(Refusing())
        self.assertEqual(self.reactor.getReaders(), [])
        self.reactor.writable(connection)
        self.assertTrue(self.socket.closed)
