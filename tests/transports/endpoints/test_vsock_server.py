"""Listening between host and guest."""

import errno
import socket

from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import (
    IAddress,
    IListeningPort,
    IReadDescriptor,
    IStreamServerEndpoint,
)
from twisted.logger import capturedLogs
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from tests.transports.endpoints._factory import Recorder, RecorderFactory
from tests.transports.endpoints._vsock_sockets import FakeVsock, FakeVsockListening, real
from txqga.transports.endpoints import VsockAddress, VsockServerEndpoint
from txqga.transports.endpoints._vsock_server import VsockPort


class VsockServerEndpointTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.listening = FakeVsockListening()
        self.factory = RecorderFactory()
        self.asked: list[tuple[int, int, int]] = []
        self.endpoint = VsockServerEndpoint(self.reactor, 3, 1024, backlog=7, listening=self.listen)

    def listen(self, cid: int, port: int, backlog: int) -> socket.socket:
        self.asked.append((cid, port, backlog))
        return real(self.listening)

    def port(self) -> VsockPort:
        port = self.successResultOf(self.endpoint.listen(self.factory))
        assert isinstance(port, VsockPort)
        return port

    def test_listens(self) -> None:
        """
        It listens as it was told, until it is stopped.
        """
        verifyObject(IStreamServerEndpoint, self.endpoint)
        port = self.port()
        verifyObject(IListeningPort, port)
        verifyObject(IReadDescriptor, port)
        self.assertEqual(self.asked, [(3, 1024, 7)])
        self.assertEqual(port.getHost(), VsockAddress(3, 1024))
        self.assertEqual((port.fileno(), port.logPrefix()), (6, "vsock"))
        self.assertEqual(self.factory.happened, ["start"])
        for _ in range(2):
            self.assertIsNone(self.successResultOf(port.stopListening()))
            self.assertEqual(self.factory.happened, ["start", "stop"])
            self.assertTrue(self.listening.closed)
            self.assertEqual(self.reactor.getReaders(), [])

    def test_cannot(self) -> None:
        """
        Where it cannot listen, that is said.
        """

        def fails(cid: int, port: int, backlog: int) -> socket.socket:
            raise OSError(errno.EADDRINUSE, "Address already in use")

        endpoint = VsockServerEndpoint(self.reactor, 3, 1024, listening=fails)
        failure = self.failureResultOf(endpoint.listen(self.factory), CannotListenError)
        self.assertIn("3:1024: [Errno 98] Address already in use", str(failure.value))

    def test_accepts(self) -> None:
        """
        Each client has a protocol, which is told who it is.
        """
        port = self.port()
        clients = [FakeVsock() for _ in range(20)]
        self.listening.clients = [*clients]
        self.reactor.readable(port)
        self.reactor.readable(port)
        self.assertEqual(self.factory.addresses, [VsockAddress(2, 5000)] * 20)
        self.assertEqual(len(self.reactor.getReaders()), 21)

    def test_refused(self) -> None:
        """
        A client for whom there is no protocol is disconnected.
        """
        self.factory.refuse = True
        port = self.port()
        client = FakeVsock()
        self.listening.clients = [client]
        self.reactor.readable(port)
        self.assertTrue(client.closed)

    def test_broken_factory(self) -> None:
        """
        A factory that fails for one client does not keep the next one out.
        """
        port = self.port()
        broken = FakeVsock()
        self.listening.clients = [broken]
        self.factory.fault = KeyError("a bug")
        self.reactor.readable(port)
        self.assertTrue(broken.closed)
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)
        self.factory.fault = None
        self.listening.clients = [FakeVsock()]
        self.reactor.readable(port)
        self.assertEqual(len(self.factory.protocols), 1)

    def test_stopped_by_a_client(self) -> None:
        """
        Once stopped it accepts nobody, though more are there already.
        """
        port = self.port()
        self.factory.refuse = True
        build = self.factory.buildProtocol

        def stop(addr: IAddress | None) -> Recorder | None:
            port.stopListening()
            return build(addr)

        self.factory.buildProtocol = stop  # type: ignore[method-assign]
        self.listening.clients = [FakeVsock(), FakeVsock()]
        self.reactor.readable(port)
        self.assertEqual(len(self.listening.clients), 1)

    def test_cannot_accept(self) -> None:
        """
        When a client cannot be accepted, it is tried again after a while, not in a loop.
        """
        port = self.port()
        client = FakeVsock()
        self.listening.clients = [OSError(errno.EMFILE, "Too many open files"), client]
        with capturedLogs() as seen:
            self.reactor.readable(port)
        self.assertEqual([event["why"] for event in seen], ["Too many open files"])
        self.assertEqual(self.reactor.getReaders(), [])
        self.reactor.advance(1.0)
        self.reactor.readable(port)
        self.assertEqual(self.listening.clients, [])

    def test_stopped_meanwhile(self) -> None:
        """
        Not if it was stopped in the meantime.
        """
        port = self.port()
        self.listening.clients = [OSError(errno.EMFILE, "Too many open files")]
        self.reactor.readable(port)
        port.stopListening()
        self.reactor.advance(1.0)
        self.assertEqual(self.reactor.getReaders(), [])

    def test_reactor_stops(self) -> None:
        """
        When the reactor ends the socket is closed.
        """
        port = self.port()
        port.connectionLost(Failure(Exception("shutdown")))
        self.assertTrue(self.listening.closed)
