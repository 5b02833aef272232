"""A server of TLS that asks its clients for certificates."""

import tempfile
from pathlib import Path

from OpenSSL import SSL
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IStreamServerEndpointStringParser
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.plugin import IPlugin
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests._certificates import certificate
from txqga.transports.endpoints import MutualTlsParser


class MutualTlsTests(SynchronousTestCase):
    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory(prefix="tls", dir="/tmp")
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)
        self.cert, self.key = certificate(self.folder)
        self.reactor = MemoryReactorClock()

    def listen(self, more: str) -> None:
        where = f"mtls:8443:privateKey={self.key}:certKey={self.cert}:{more}"
        self.successResultOf(serverFromString(self.reactor, where).listen(Factory()))

    def test_interfaces(self) -> None:
        """
        Twisted finds it, for servers.
        """
        for interface in (IPlugin, IStreamServerEndpointStringParser):
            verifyObject(interface, MutualTlsParser())

    def test_asks(self) -> None:
        """
        A client without a certificate is refused; the files beside those of authorities are not
        in the way.
        """
        self.listen(f"caCertsDir={self.folder}:interface=127.0.0.1:backlog=7")
        ((port, _, context, backlog, interface),) = self.reactor.sslServers
        self.assertEqual((port, backlog, interface), (8443, 7, "127.0.0.1"))
        asks = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT | SSL.VERIFY_CLIENT_ONCE
        self.assertEqual(context.getContext().get_verify_mode(), asks)

    def test_no_authority(self) -> None:
        """
        A folder without certificates, or none at all, would let nobody in: it is refused.
        """
        for more in (f"caCertsDir={self.folder}/none", f"caCertsDir={self.folder.parent}/none"):
            with self.assertRaises(ValueError) as raised:
                self.listen(more)
            self.assertIn("there is no certificate in a file *.pem there", str(raised.exception))
