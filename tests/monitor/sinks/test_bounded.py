"""An HTTP client for servers that are not trusted."""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectionAborted
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.client import URI, ResponseFailed, readBody
from twisted.web.iweb import IAgentEndpointFactory, IResponse
from zope.interface.verify import verifyObject

from txqga.monitor.sinks._bounded import BoundedEndpoints, bounded_agent

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n"


class Transport(StringTransport):
    """One that knows whether it was aborted."""

    is_aborted = False

    def abortConnection(self) -> None:
        self.is_aborted = True


class BoundedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()
        self.answer: Deferred[IResponse] = bounded_agent(self.reactor, 1000).request(
            b"POST", b"http://127.0.0.1:81/in"
        )
        self.reactor.advance(0)
        ((host, port, factory, *_),) = self.reactor.tcpClients
        self.assertEqual((host, port), ("127.0.0.1", 81))
        self.transport = Transport()
        server: Any = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 81))
        server.makeConnection(self.transport)
        self.server = server
        self.assertIn(b"POST /in HTTP/1.1", self.transport.value())

    def test_answered(self) -> None:
        """
        An answer is read, body and all.
        """
        self.server.dataReceived(HEAD + b"\r\n")
        body = readBody(self.successResultOf(self.answer))
        self.server.dataReceived(b"good")
        self.assertEqual(self.successResultOf(body), b"good")
        self.assertFalse(self.transport.is_aborted)

    def test_endless_head(self) -> None:
        """
        A head without an end is no more read when it is too much, however short its lines are.
        """
        self.server.dataReceived(HEAD)
        line = b"X-More: and more\r\n"
        for _ in range((1000 - len(HEAD)) // len(line)):
            self.server.dataReceived(line)
        self.assertFalse(self.transport.is_aborted)
        self.server.dataReceived(line)
        self.assertTrue(self.transport.is_aborted)
        self.server.connectionLost(Failure(ConnectionAborted()))
        self.failureResultOf(self.answer, ResponseFailed)


class EndpointsTests(SynchronousTestCase):
    def test_interfaces(self) -> None:
        """
        They are what Twisted asks for: with TLS for https, and without for http.
        """
        endpoints = BoundedEndpoints(MemoryReactorClock(), 1000)
        verifyObject(IAgentEndpointFactory, endpoints)
        plain = endpoints.endpointForURI(URI.fromBytes(b"http://a.example/"))
        secured = endpoints.endpointForURI(URI.fromBytes(b"https://a.example/"))
        for each in (plain, secured):
            verifyObject(IStreamClientEndpoint, each)
        self.assertIsInstance(plain.endpoint, HostnameEndpoint)
        self.assertNotIsInstance(secured.endpoint, HostnameEndpoint)
