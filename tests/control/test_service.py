"""The control interface as a service."""

import os
import tempfile
from pathlib import Path
from typing import Any

from twisted.application.service import IService
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.control._case import FakeMux
from txqga.control._service import Control, ControlOptions, Refused, private
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
        self.assertEqual((path, mode, lock), ("/run/x.http", 0o600, True))
        self.assertEqual(private("unix:/x:mode=660"), "unix:/x:mode=660:lockfile=1")
        self.assertEqual(private("tcp:80"), "tcp:80")

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
        self.assertRaises(ValueError, self.make, "tcp:http", tokens=self.tokens)

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
