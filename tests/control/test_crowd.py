"""How many may be connected over HTTP."""

from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IProtocolNegotiationFactory
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import StringTransport
from twisted.logger import capturedLogs
from twisted.protocols.policies import ProtocolWrapper
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource
from twisted.web.server import Site
from zope.interface.verify import verifyObject

from txqga.control._crowd import Crowd

SOCKET = UNIXAddress(None)
GONE = Failure(ConnectionDone())


class CrowdTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.crowd = Crowd(Factory.forProtocol(Protocol), most=4, most_of_host=2)

    def come(self, peer: IPv4Address | UNIXAddress = SOCKET) -> ProtocolWrapper | None:
        protocol = self.crowd.buildProtocol(peer)
        if protocol is None:
            return None
        assert isinstance(protocol, ProtocolWrapper)
        protocol.makeConnection(StringTransport(peerAddress=peer))
        return protocol

    def test_all(self) -> None:
        """
        Who comes when there is no room is let go, which is told once; who goes makes room.
        """
        there = [self.come() for _ in range(4)]
        self.assertNotIn(None, there)
        with capturedLogs() as logs:
            self.assertIsNone(self.come())
            self.assertIsNone(self.come())
        self.assertEqual(len(logs), 1)
        assert there[0] is not None
        there[0].connectionLost(GONE)
        self.assertIsNotNone(self.come())
        with capturedLogs() as logs:
            self.assertIsNone(self.come())
        self.assertEqual(len(logs), 1)

    def test_one_host(self) -> None:
        """
        One host of a network cannot take the room of all.
        """
        one, other = (IPv4Address("TCP", f"192.0.2.{number}", 5) for number in (1, 2))
        first = self.come(one)
        assert first is not None
        self.assertIsNotNone(self.come(one))
        self.assertIsNone(self.come(one))
        self.assertIsNotNone(self.come(other))
        first.connectionLost(GONE)
        self.assertIsNotNone(self.come(one))
        self.assertIsNotNone(self.come())
        self.assertIsNone(self.come(other))

    def test_negotiation(self) -> None:
        """
        Over TLS it is known what is spoken, as without a bound: else curl is refused.
        """
        site = Site(Resource())
        crowd = Crowd(site)
        verifyObject(IProtocolNegotiationFactory, crowd)
        self.assertIn(b"http/1.1", crowd.acceptableProtocols())
        self.assertEqual([*crowd.acceptableProtocols()], [*site.acceptableProtocols()])
        self.assertEqual([*self.crowd.acceptableProtocols()], [])
