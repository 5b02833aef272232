"""What a client endpoint makes of the UNIX sockets that it connects to."""

from typing import cast

from twisted.internet import error
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, UNIXClientEndpoint
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.posixbase import PosixReactorBase
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeSocket, Reactor
from txqga.transports.sockets.client import UnixClient, prompt_client


class Posix(Reactor, PosixReactorBase):  # type: ignore[misc]
    """A reactor that connects as Twisted's own do, and polls nothing."""

    nameResolver = None  # type: ignore[assignment]


class Unconnected(FakeSocket):
    """A socket that connects, or fails to, at once."""

    def __init__(self, error: int = 0) -> None:
        super().__init__()
        self.error = error
        self.asked = 0  # octets, at a time

    def getsockopt(self, level: int, name: int) -> int:
        return 0

    def connect_ex(self, address: object) -> int:
        return self.error

    def recv(self, size: int) -> bytes:
        self.asked = size
        return super().recv(size)


class Recorder(Protocol):
    """Writes down what it hears, and answers."""

    def __init__(self) -> None:
        self.heard = b""

    def dataReceived(self, data: bytes) -> None:
        assert self.transport is not None
        self.heard += data
        self.transport.write(b"answer")


class PromptClientTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Posix()

    def connect(self, socket: Unconnected) -> Deferred[Protocol]:
        """Connect to what ``socket`` stands for."""
        self.patch(UnixClient, "createInternetSocket", lambda _: socket)
        endpoint = prompt_client(UNIXClientEndpoint(self.reactor, "/nowhere"))
        connecting = endpoint.connect(Factory.forProtocol(Recorder))
        self.reactor.advance(0)
        return cast("Deferred[Protocol]", connecting)

    def test_at_once(self) -> None:
        """
        An agent is answered within the turn of the reactor in which it is heard.
        """
        agent = Unconnected()
        protocol = self.successResultOf(self.connect(agent))
        assert isinstance(protocol, Recorder)
        self.assertIsInstance(protocol.transport, UnixClient)
        agent.unread = [b"ping"]
        (watched,) = self.reactor.getReaders()
        self.reactor.readable(watched)
        self.assertEqual(protocol.heard, b"ping")
        self.assertEqual(agent.sent, b"answer")
        self.assertEqual(self.reactor.getWriters(), [])

    def test_all_at_once(self) -> None:
        """
        One read takes all that a UNIX socket holds, as Linux has it by default.
        """
        agent = Unconnected()
        self.successResultOf(self.connect(agent))
        (watched,) = self.reactor.getReaders()
        self.reactor.readable(watched)
        self.assertGreaterEqual(agent.asked, 219_264)

    def test_refused(self) -> None:
        """
        Where nobody listens the endpoint says so.
        """
        self.failureResultOf(self.connect(Unconnected(error=111)), error.ConnectionRefusedError)

    def test_other_reactors(self) -> None:
        """
        An endpoint of another reactor's own kind connects as that reactor has it.
        """
        reactor = MemoryReactorClock()
        endpoint = UNIXClientEndpoint(reactor, "/nowhere")
        self.assertIs(prompt_client(endpoint), endpoint)
        endpoint.connect(Factory.forProtocol(Recorder))
        self.assertEqual(reactor.unixClients[0][0], "/nowhere")

    def test_other_endpoints(self) -> None:
        """
        An endpoint that is no UNIX socket is left as it is.
        """
        endpoint: IStreamClientEndpoint = TCP4ClientEndpoint(self.reactor, "192.0.2.1", 1)
        before = dict(vars(endpoint))
        self.assertIs(prompt_client(endpoint), endpoint)
        self.assertEqual(vars(endpoint), before)
