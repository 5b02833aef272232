"""
An HTTP client for servers that are not trusted: of what one says no more is taken than is bounded.

Twisted's own bounds how long a line of an answer's head is, and not how many there are.
"""

from typing import Any

from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.web.client import URI, Agent, BrowserLikePolicyForHTTPS
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer


class Bounded(ProtocolWrapper):
    """A connection that is ended when more than so much has arrived."""

    _left: int | None = None

    def dataReceived(self, data: bytes) -> None:
        """Pass it on, while it is not too much."""
        self._left = (self.factory.most if self._left is None else self._left) - len(data)
        if self._left < 0:
            transport: Any = self.transport
            transport.abortConnection()
            return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(WrappingFactory):
    """
    Bounds what arrives at another factory's protocols.

    :param most: octets that may arrive on a connection.
    """

    protocol = Bounded
    noisy = False

    def __init__(self, factory: IProtocolFactory, most: int) -> None:
        super().__init__(factory)  # type: ignore[no-untyped-call]
        self.most = most


@implementer(IStreamClientEndpoint)
@frozen
class BoundedEndpoint:
    """An endpoint of which no more is taken than ``most`` octets on a connection."""

    endpoint: Any
    most: int

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect; fires with the factory's own protocol."""
        connected = self.endpoint.connect(BoundedFactory(protocolFactory, self.most))
        return connected.addCallback(lambda bounded: bounded.wrappedProtocol)  # type: ignore[no-any-return]


@implementer(IAgentEndpointFactory)
@frozen
class BoundedEndpoints:
    """Where an HTTP client connects to: what it does by itself, bounded."""

    reactor: Any
    most: int

    def endpointForURI(self, uri: URI) -> BoundedEndpoint:
        """Give the endpoint of a URL: TLS as browsers have it, for https."""
        endpoint: Any = HostnameEndpoint(self.reactor, uri.host.decode("ascii"), uri.port)
        if uri.scheme == b"https":
            policy = BrowserLikePolicyForHTTPS()
            endpoint = wrapClientTLS(policy.creatorForNetloc(uri.host, uri.port), endpoint)
        return BoundedEndpoint(endpoint, self.most)


def bounded_agent(reactor: Any, most: int) -> Agent:
    """
    Make an HTTP client that uses each connection once.

    :param most: octets that an answer may have, with all that stands around it.
    """
    agent: Agent = Agent.usingEndpointFactory(reactor, BoundedEndpoints(reactor, most))
    return agent
