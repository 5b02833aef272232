"""A client's connection: how it ends, and what it is called."""

from errno import EPIPE

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from tests.agent._sockets import FakeSocket, Reactor, real
from txqga.transports.sockets import UnixConnection


@implementer(IHalfCloseableProtocol)
class Recorder(Protocol):
    """Writes down what happens to it."""

    def __init__(self) -> None:
        self.happened: list[bytes | str] = []

    def dataReceived(self, data: bytes) -> None:
        self.happened.append(data)

    def readConnectionLost(self) -> None:
        self.happened.append("no more")

    def writeConnectionLost(self) -> None:
        self.happened.append("never")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.happened.append("lost")


class UnixConnectionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.socket = FakeSocket()
        self.recorder = Recorder()
        self.connection = UnixConnection(real(self.socket), self.recorder, self.reactor)
        self.recorder.makeConnection(self.connection)
        self.reactor.addReader(self.connection)

    def test_gone(self) -> None:
        """
        A client that has gone is noticed when it is written to, not while a command runs.
        """
        self.socket.fault = BrokenPipeError(EPIPE, "gone")
        self.connection.write(b"abc")
        self.assertEqual(self.recorder.happened, [])
        self.reactor.writable(self.connection)
        self.assertEqual(self.recorder.happened, ["lost"])
        self.connection.write(b"abc")
        self.assertTrue(self.socket.closed)

    def test_half_closed(self) -> None:
        """
        A client that sends no more still gets what it is owed, then the end.
        """
        self.socket.unread = [b"request", b""]
        self.reactor.readable(self.connection)
        self.reactor.readable(self.connection)
        self.assertEqual(self.recorder.happened, [b"request", "no more"])
        self.socket.room = 0
        self.connection.write(b"abc")
        self.connection.loseConnection()  # type: ignore[no-untyped-call]
        self.socket.room = 3
        self.reactor.writable(self.connection)
        self.assertEqual(self.socket.sent, b"abc")
        self.assertEqual(self.recorder.happened[-1], "lost")

    def test_nameless(self) -> None:
        """
        The ends of the connection have no names.
        """
        self.assertIsNone(self.connection.getHost().name)
        self.assertIsNone(self.connection.getPeer().name)
