"""One client after the other."""

from collections.abc import Callable
from errno import EMFILE

from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import capturedLogs
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import FakeListening, FakeSocket, Reactor, real
from txqga.agent._listener import Listener


class Served(Protocol):
    """A protocol that is over when its client has gone."""

    def __init__(self, over: Callable[[], None]) -> None:
        self.over = over

    def dataReceived(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data.upper())

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.over()


class ListenerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.listening = FakeListening()
        self.listener = Listener(self.reactor, real(self.listening), Served, retry=2.0)
        self.listener.start()

    def poll(self) -> None:
        """Let everything that is watched read once."""
        for descriptor in list(self.reactor.getReaders()):
            self.reactor.readable(descriptor)

    def test_interface(self) -> None:
        """
        The reactor can watch it.
        """
        verifyObject(IReadDescriptor, self.listener)
        self.assertEqual(self.listener.fileno(), 6)
        self.assertEqual(self.listener.logPrefix(), "unix-listen")

    def test_serves(self) -> None:
        """
        A client that connects is served.
        """
        client = FakeSocket()
        self.listening.clients = [client]
        client.unread = [b"a"]
        self.poll()
        self.poll()
        self.assertEqual(client.sent, b"A")

    def test_one_at_a_time(self) -> None:
        """
        The second client waits until the first has gone, and the third for the second.
        """
        clients = [FakeSocket(), FakeSocket(), FakeSocket()]
        self.listening.clients = [*clients]
        for client, waiting in zip(clients, (2, 1, 0), strict=True):
            self.poll()
            self.poll()
            self.assertEqual(len(self.listening.clients), waiting)
            self.assertEqual(len(self.reactor.getReaders()), 1)
            client.unread = [b"a", b""]
            self.poll()
            self.assertEqual(client.sent, b"A")
            self.poll()
            self.assertTrue(client.closed)

    def test_nobody(self) -> None:
        """
        A client that had gone before it was accepted is no client.
        """
        self.poll()
        self.assertEqual(self.reactor.getReaders(), [self.listener])

    def test_cannot_accept(self) -> None:
        """
        When a client cannot be accepted, it is tried again after a while, not in a loop.
        """
        self.listening.clients = [OSError(EMFILE, "Too many open files"), FakeSocket()]
        with capturedLogs() as seen:
            self.poll()
        self.assertEqual([event["why"] for event in seen], ["Too many open files"])
        self.assertEqual(self.reactor.getReaders(), [])
        self.reactor.advance(2.0)
        self.poll()
        self.assertEqual(self.listening.clients, [])

    def test_stop(self) -> None:
        """
        Once stopped nobody is accepted, though the last client goes only then.
        """
        client = FakeSocket()
        self.listening.clients = [client]
        self.poll()
        self.listener.stop()
        self.assertTrue(self.listening.closed)
        client.unread = [b""]
        self.poll()
        self.assertTrue(client.closed)
        self.assertEqual(self.reactor.getReaders(), [])

    def test_reactor_stops(self) -> None:
        """
        When the reactor ends the socket is closed.
        """
        self.listener.connectionLost(Failure(Exception("shutdown")))
        self.assertTrue(self.listening.closed)
