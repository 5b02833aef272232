"""
A server of TLS to whom only those connect who have a certificate of our own authorities.

Twisted's ``ssl:`` asks its clients for none. TLS is imported when it is wanted, for an agent wants
none.
"""

import re
from pathlib import Path
from typing import Any

from twisted.internet.endpoints import SSL4ServerEndpoint
from twisted.internet.interfaces import IStreamServerEndpointStringParser
from twisted.plugin import IPlugin
from zope.interface import implementer

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\s.+?\s-----END CERTIFICATE-----", re.DOTALL)


@implementer(IPlugin, IStreamServerEndpointStringParser)
class MutualTlsParser:
    """Knows ``mtls:PORT:caCertsDir=FOLDER``, and what else ``ssl:`` knows."""

    prefix = "mtls"

    def parseStreamServer(self, reactor: Any, *words: Any, **named: Any) -> SSL4ServerEndpoint:
        """
        Return the endpoint that the words mean.

        :raise ValueError: they mean none.
        :raise OSError: the key or its certificate cannot be read.
        """
        return self._server(reactor, *words, **named)

    def _server(
        self,
        reactor: Any,
        port: str,
        privateKey: str = "server.pem",
        certKey: str | None = None,
        caCertsDir: str = "",
        extraCertChain: str | None = None,
        interface: str = "",
        backlog: str = "50",
    ) -> SSL4ServerEndpoint:
        from twisted.internet import ssl

        key = Path(privateKey)
        own = ssl.PrivateCertificate.loadPEM(
            (key if certKey is None else Path(certKey)).read_bytes() + b"\n" + key.read_bytes()
        )
        chain = [] if extraCertChain is None else _certificates(Path(extraCertChain))
        context = ssl.CertificateOptions(
            privateKey=own.privateKey.original,
            certificate=own.original,
            extraCertChain=[each.original for each in chain],
            trustRoot=ssl.trustRootFromCertificates(_authorities(Path(caCertsDir))),
        )
        return SSL4ServerEndpoint(reactor, int(port), context, int(backlog), interface)


def _authorities(folder: Path) -> list[Any]:
    """Read the certificates in all files ``*.pem`` of a folder."""
    found = [each for path in sorted(folder.glob("*.pem")) for each in _certificates(path)]
    if not found:
        raise ValueError(f"caCertsDir={folder}: there is no certificate in a file *.pem there")
    return found


def _certificates(path: Path) -> list[Any]:
    from twisted.internet import ssl

    return [ssl.Certificate.loadPEM(each) for each in _PEM.findall(path.read_bytes())]
