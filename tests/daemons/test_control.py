"""The control interface, as the mux's command line describes it."""

import tempfile
from pathlib import Path

from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._mux_options import Options
from txqga.daemons.mux import make_mux
from txqga.errors import CannotStart


class ControlTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.reactor = MemoryReactorClock()

    def make(self, *words: str) -> None:
        options = Options()
        options.parseOptions(["-s", str(self.folder / "serve"), "-g", "db1=/run/db1", *words])
        make_mux(self.reactor, options).startService()

    def test_unix(self) -> None:
        """
        It is served where it is told to, and nowhere where it is not.
        """
        self.make()
        self.assertEqual(len(self.reactor.unixServers), 1)
        self.make("--http", f"unix:{self.folder}/control.http")
        paths = [args[0] for args in self.reactor.unixServers]
        self.assertIn(f"{self.folder}/control.http", paths)

    def test_for_everybody(self) -> None:
        """
        Nothing is served to whoever is on the network.
        """
        why = self.assertRaises(CannotStart, self.make, "--http", "tcp:8080")
        self.assertIn("can be reached by everybody", str(why))

    def test_wrong(self) -> None:
        """
        What is wrong is told under the option's name.
        """
        tokens = self.folder / "tokens"
        why = self.assertRaises(ValueError, self.make, "--http=tcp:8080", f"--http-tokens={tokens}")
        self.assertIn("--http-tokens: ", str(why))
        tokens.write_text("ci 0123456789abcdef\n")
        tokens.chmod(0o600)
        why = self.assertRaises(ValueError, self.make, "--http=tcp:x", f"--http-tokens={tokens}")
        self.assertIn("--http: ", str(why))
        self.make("--http=tcp:8080", f"--http-tokens={tokens}", "--http-host=Mux.example")
        self.assertEqual(self.reactor.tcpServers[0][0], 8080)
