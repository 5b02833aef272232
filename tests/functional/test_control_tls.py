"""The control interface of a mux over TLS, as other programs speak it."""

import json
import ssl
import tempfile
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests._certificates import certificate
from tests.functional._client import PATIENCE
from tests.functional._http import TOKEN, free_port, over_tcp
from tests.functional._mux_process import AskedMux


class ControlTlsTests(SynchronousTestCase):
    def setUp(self) -> None:
        made = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(made.cleanup)
        self.here = Path(made.name)
        self.cert, self.key = self.certificate("server", "a mux")

    def certificate(self, folder: str, name: str) -> tuple[Path, Path]:
        (self.here / folder).mkdir()
        return certificate(self.here / folder, name)

    def start(self, more: str, *options: str) -> None:
        """Start a mux whose only guest is off."""
        self.port = free_port()
        where = f"ssl:{self.port}:privateKey={self.key}:certKey={self.cert}:interface=127.0.0.1"
        mux = AskedMux({"off": self.here / "off"}, "--http", f"{where}{more}", *options)
        mux.port = self.port
        self.addCleanup(mux.remove)
        mux.start()

    def me(self, chain: tuple[Path, Path] | None = None, **headers: str) -> Any:
        """Ask who asks, and say what is spoken as curl and browsers do."""
        context = ssl.create_default_context(cafile=str(self.cert))
        context.set_alpn_protocols(["h2", "http/1.1"])
        if chain is not None:
            context.load_cert_chain(*chain)
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=context)
        try:
            connection.request("GET", "/v1/me", headers=headers)
            return json.loads(connection.getresponse().read())["name"]
        finally:
            connection.close()

    def test_tokens(self) -> None:
        """
        Who negotiates what is spoken may ask, with a token.
        """
        _, options = over_tcp(self.here, "ops")
        self.start("", *options[2:])
        self.assertEqual(self.me(Authorization=f"Bearer {TOKEN}"), "token ops")

    def test_certificates(self) -> None:
        """
        With authorities named, it is who has a certificate of theirs, and nobody else.
        """
        ours = self.certificate("clients", "ops-1")
        strangers = self.certificate("elsewhere", "ops-1")
        self.start(f":caCertsDir={self.here}/clients")
        self.assertEqual(self.me(ours), "certificate ops-1")
        self.assertRaises(OSError, self.me)
        self.assertRaises(OSError, self.me, strangers)
