"""The control interface as a service."""

import os
import socket
import tempfile
from pathlib import Path
from typing import Any

from OpenSSL import SSL
from twisted.application.service import IService
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests._certificates import certificate
from tests.control._case import FakeMux
from txqga.control._service import Control, ControlOptions, Refused, private
from txqga.errors import CannotStart
from txqga.schema import extended


class ControlTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()
        handle, name = tempfile.mkstemp(prefix="tokens", dir="/tmp")
        os.write(handle, b"ci 0123456789abcdef\n")
        os.close(handle)
        self.addCleanup(os.unlink, name)
        self.tokens = Path(name)

    def make(self, endpoint: str, **more: Any) -> Control:
        options = ControlOptions(endpoint=endpoint, **more)
        return Control(self.reactor, FakeMux(), options, extended())

    def test_interface(self) -> None:
        """
        It is a service.
        """
        verifyObject(IService, self.make("unix:/run/x.http"))

    def test_private(self) -> None:
        """
        Nobody else may connect to a UNIX socket, unless it is said who may.
        """
        self.make("unix:/run/x.http").startService()
        ((path, _, _, mode, lock),) = self.reactor.unixServers
        self.assertEqual((path, mode, lock), ("/run/x.http", 0o600, False))
        self.assertEqual(private("unix:/x:mode=660"), "unix:/x:mode=660:lockfile=0")
        self.assertEqual(private("tcp:80"), "tcp:80")

    def test_left_behind(self) -> None:
        """
        The socket of a mux that was killed is replaced, and that of one that runs is not.
        """
        folder = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, "x.http")
        # Twisted's lock names a process; the number of a dead one may be another's by now
        path.with_name("x.http.lock").symlink_to("1")
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
        self.make(f"unix:{path}").startService()
        self.assertFalse(path.exists())
        with socket.socket(socket.AF_UNIX) as serving:
            serving.bind(str(path))
            serving.listen()
            why = self.assertRaises(CannotStart, self.make(f"unix:{path}").startService)
        self.assertIn(f"{path} is served by process {os.getpid()} already", str(why))

    def test_open_to_everybody(self) -> None:
        """
        What everybody could reach and nobody guards is not served.
        """
        for endpoint in ("tcp:8080", "tcp:8080:interface=127.0.0.1", "ssl:443", "systemd:name=x"):
            why = self.assertRaises(Refused, self.make, endpoint)
            self.assertIn("can be reached by everybody", str(why))

    def test_guarded(self) -> None:
        """
        With tokens it is served on a network too.
        """
        self.make("tcp:8080:interface=127.0.0.1", tokens=self.tokens).startService()
        self.assertEqual(self.reactor.tcpServers[0][0], 8080)

    def test_wrong(self) -> None:
        """
        What is no endpoint is refused before anything starts.
        """
        for endpoint in (
            "tcp:http",
            "ssl:8443:privateKey=/not/there",
            "tcp:1:2:3:4:5",
            "tcp:1:x=y",
        ):
            why = self.assertRaises(ValueError, self.make, endpoint, tokens=self.tokens)
            self.assertIn(repr(endpoint), str(why))

    def test_certificates(self) -> None:
        """
        Where authorities are named, only those connect who have a certificate of theirs.
        """
        with tempfile.TemporaryDirectory(prefix="tls", dir="/tmp") as made:
            cert, key = certificate(Path(made))
            endpoint = f"ssl:8443:privateKey={key}:certKey={cert}:caCertsDir={made}"
            self.make(endpoint).startService()
            with self.assertRaises(ValueError) as raised:
                self.make(f"{endpoint}/none")
        ((_, _, context, _, _),) = self.reactor.sslServers
        asks = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT | SSL.VERIFY_CLIENT_ONCE
        self.assertEqual(context.getContext().get_verify_mode(), asks)
        self.assertIn(f"{made}/none: there is no certificate", str(raised.exception))

    def test_cannot_listen(self) -> None:
        """
        Where it cannot listen, it says why and does not start.
        """

        def deny(*args: Any, **more: Any) -> Any:
            raise CannotListenError(None, "x.http", OSError("denied"))

        self.patch(self.reactor, "listenUNIX", deny)
        why = self.assertRaises(Refused, self.make("unix:/run/x.http").startService)
        self.assertIn("denied", str(why))

    def test_stop(self) -> None:
        """
        It can be stopped, also if it never listened.
        """
        control = self.make("unix:/run/x.http")
        self.successResultOf(control.stopService())
        control = self.make("unix:/run/x.http")
        control.startService()
        self.successResultOf(control.stopService())
