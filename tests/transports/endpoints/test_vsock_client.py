"""Connecting between host and guest."""

import errno
import socket

from twisted.internet import error
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from tests.transports.endpoints._factory import RecorderFactory
from tests.transports.endpoints._vsock_sockets import FakeVsock, real
from txqga.transports.endpoints import VsockAddress, VsockClientEndpoint


class VsockClientEndpointTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.socket = FakeVsock()
        self.factory = RecorderFactory()
        self.asked: list[tuple[int, int]] = []
        self.endpoint = VsockClientEndpoint(
            self.reactor, 3, 1024, timeout=5.0, connecting=self.connecting
        )

    def connecting(self, cid: int, port: int) -> socket.socket:
        self.asked.append((cid, port))
        return real(self.socket)

    def writable(self) -> None:
        """Let the kernel know how the connecting ended."""
        for each in self.reactor.getWriters():
            self.reactor.writable(each)

    def released(self) -> None:
        """Check that nothing is left behind."""
        self.assertTrue(self.socket.closed)
        self.assertEqual(self.reactor.getWriters(), [])
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_connects(self) -> None:
        """
        The protocol is there when the connection is, and reads from then on.
        """
        verifyObject(IStreamClientEndpoint, self.endpoint)
        connecting = self.endpoint.connect(self.factory)
        self.assertNoResult(connecting)
        self.writable()
        protocol = self.successResultOf(connecting)
        self.assertEqual(self.asked, [(3, 1024)])
        self.assertEqual(self.factory.addresses, [VsockAddress(3, 1024)])
        self.assertEqual(self.factory.protocols, [protocol])
        self.assertEqual(len(self.reactor.getReaders()), 1)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_refused(self) -> None:
        """
        When nobody listens there, that is said.
        """
        self.socket.error = errno.ECONNREFUSED
        connecting = self.endpoint.connect(self.factory)
        self.writable()
        self.failureResultOf(connecting, error.ConnectionRefusedError)
        self.assertEqual(self.factory.protocols, [])
        self.released()

    def test_only_an_error(self) -> None:
        """
        It is said too when the reactor sees nothing but an error.
        """
        self.socket.error = errno.ECONNRESET
        connecting = self.endpoint.connect(self.factory)
        (attempt,) = self.reactor.getWriters()
        self.assertEqual((attempt.fileno(), attempt.logPrefix()), (7, "vsock"))
        attempt.connectionLost(Failure(Exception("error")))
        failure = self.failureResultOf(connecting, error.ConnectError)
        self.assertEqual(failure.value.osError, errno.ECONNRESET)
        self.released()

    def test_no_such_sockets(self) -> None:
        """
        So is that the kernel knows no such sockets.
        """

        def fails(cid: int, port: int) -> socket.socket:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

        endpoint = VsockClientEndpoint(self.reactor, 3, 1024, connecting=fails)
        failure = self.failureResultOf(endpoint.connect(self.factory), error.ConnectError)
        self.assertEqual(failure.value.osError, errno.EAFNOSUPPORT)

    def test_silence(self) -> None:
        """
        It does not wait longer than it was told to.
        """
        connecting = self.endpoint.connect(self.factory)
        self.reactor.advance(4.9)
        self.assertNoResult(connecting)
        self.reactor.advance(0.1)
        self.failureResultOf(connecting, error.TimeoutError)
        self.released()

    def test_cancelled(self) -> None:
        """
        Who does not want to wait any more need not.
        """
        connecting = self.endpoint.connect(self.factory)
        connecting.cancel()
        self.failureResultOf(connecting, error.ConnectingCancelledError)
        self.released()

    def test_no_protocol(self) -> None:
        """
        A factory that makes no protocol wants no connection.
        """
        self.factory.refuse = True
        connecting = self.endpoint.connect(self.factory)
        self.writable()
        self.failureResultOf(connecting, error.ConnectError)
        self.released()

    def test_broken_factory(self) -> None:
        """
        A factory that fails is no reason to leave a connection open.
        """
        self.factory.fault = KeyError("a bug")
        connecting = self.endpoint.connect(self.factory)
        self.writable()
        self.failureResultOf(connecting, KeyError)
        self.released()
