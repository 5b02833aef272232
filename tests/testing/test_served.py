"""A scripted agent at a socket."""

from pathlib import Path
from typing import Any

from twisted.internet.address import UNIXAddress
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import MemoryReactor, StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.testing import ScriptedAgent, serve

PING = b'{"execute": "guest-ping"}\n'
PONG = b'{"return": {}}\n'


class ServeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.agent = ScriptedAgent()
        reactor: Any = MemoryReactor()
        self.successResultOf(serve(reactor, self.agent, Path("/toy")))
        ((path, self.factory, *_),) = reactor.unixServers
        self.assertEqual(path, "/toy")

    def connect(self) -> tuple[Any, StringTransport]:
        """A client; what it says goes into its protocol."""
        protocol, transport = self.factory.buildProtocol(UNIXAddress("/toy")), StringTransport()
        protocol.makeConnection(transport)
        return protocol, transport

    def test_asked(self) -> None:
        """
        Who connects is answered.
        """
        client, transport = self.connect()
        client.dataReceived(PING)
        self.assertEqual(transport.value(), PONG)

    def test_one_at_a_time(self) -> None:
        """
        A second client waits until the first has gone, as at QEMU's channel.
        """
        first, _ = self.connect()
        second, transport = self.connect()
        second.dataReceived(PING)
        self.assertEqual(transport.value(), b"")
        first.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(transport.value(), PONG)

    def test_hangs_up(self) -> None:
        """
        When the agent's side hangs up, the client is told.
        """
        _, transport = self.connect()
        self.agent.hang_up()
        self.assertTrue(transport.disconnecting)
