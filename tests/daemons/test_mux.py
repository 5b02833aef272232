"""The command line of the mux."""

import tempfile
from pathlib import Path

from twisted.application.service import IServiceMaker, MultiService
from twisted.internet.testing import MemoryReactorClock
from twisted.plugin import getPlugins
from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons import mux
from txqga.daemons.mux import Daemon, Options, make_mux
from txqga.mux import VM


class OptionsTests(SynchronousTestCase):
    def parse(self, *words: str) -> Options:
        options = Options()
        options.parseOptions(list(words))  # type: ignore[no-untyped-call]
        return options

    def refused(self, *words: str) -> str:
        return str(self.assertRaises(usage.UsageError, self.parse, *words))

    def test_guests(self) -> None:
        """
        Guests are named with their channels, and where to serve them is said.
        """
        words = ("--guest", "db1=unix:/run/db1", "--guest=web1=/run/web1", "--serve", "/run/qga")
        options = self.parse(*words)
        self.assertEqual(
            options["guests"], [VM("db1", "unix:/run/db1"), VM("web1", "unix:/run/web1")]
        )
        self.assertEqual((options["serve"], options["handles"]), ("/run/qga", "connection"))

    def test_relative_folder(self) -> None:
        """
        The folder is the one that the name means now, wherever the daemon goes later.
        """
        options = self.parse("-g", "db1=/run/db1", "-s", "qga")
        self.assertEqual(options["serve"], str(Path.cwd() / "qga"))

    def test_handles(self) -> None:
        """
        Handles belong to connections or to users.
        """
        words = ("--guest", "db1=/run/db1", "--serve", "/run/qga", "--handles")
        self.assertEqual(self.parse(*words, "user")["handles"], "user")
        self.assertIn("neither connection nor user", self.refused(*words, "nobody"))

    def test_missing(self) -> None:
        """
        What is missing is named, with an example.
        """
        self.assertIn("--guest NAME=ENDPOINT", self.refused("--serve", "/run/qga"))
        self.assertIn("--serve DIR", self.refused("--guest", "db1=/run/db1"))

    def test_wrong(self) -> None:
        """
        What is wrong is told before anything starts.
        """
        serve = ("--serve", "/run/qga")
        self.assertIn("--guest: 'db1' is not", self.refused(*serve, "--guest", "db1"))
        self.assertIn("cannot be a guest's name", self.refused(*serve, "--guest", "../x=/run/x"))
        twice = ("--guest", "a=/x", "--guest", "a=/y")
        self.assertEqual(self.refused(*serve, *twice), "two guests are called a")
        long = ("--serve", "/" + "x" * 101, "--guest", "db1=/run/db1")
        self.assertIn("octets", self.refused(*long))

    def test_watches(self) -> None:
        """
        Guests may be found instead of named.
        """
        options = self.parse("--watch", "/run/{id}-{name}/a", "-w", "/x/{name}", "-s", "/run/qga")
        self.assertEqual(
            [each.glob for each in options["watches"]], ["/run/{id}-{name}/a", "/x/{name}"]
        )
        self.assertIn("--watch: ", self.refused("--watch", "/run/*", "-s", "/run/qga"))

    def test_help(self) -> None:
        """
        The help tells what each option is for.
        """
        words = str(Options())
        for option in ("--guest", "--watch", "--serve", "--handles"):
            self.assertIn(option, words)


class ServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.options = Options()
        self.options["guests"] = [VM("db1", "unix:/run/db1")]
        self.options["serve"] = str(self.folder)

    def test_make(self) -> None:
        """
        The command line describes a service.
        """
        reactor = MemoryReactorClock()
        service = make_mux(reactor, self.options)
        self.assertIsInstance(service, MultiService)
        service.startService()
        self.assertEqual(reactor.unixServers[0][0], str(self.folder / "db1.sock"))

    def test_cannot_start(self) -> None:
        """
        A mux that cannot start ends with a sentence, not a traceback.
        """
        (self.folder / "db1.sock").touch()
        service = make_mux(MemoryReactorClock(), self.options)
        ended = self.assertRaises(SystemExit, service.startService)
        self.assertIn("qga-mux: ", str(ended))
        self.assertIn("is there, and no socket", str(ended))

    def test_no_endpoint(self) -> None:
        """
        A channel that is no endpoint is refused.
        """
        self.options["guests"] = [VM("db1", "carrier-pigeon:home")]
        self.assertRaises(ValueError, make_mux, MemoryReactorClock(), self.options)

    def test_plugin(self) -> None:
        """
        ``twistd`` finds it as qga-mux.
        """
        (plugin,) = (each for each in getPlugins(IServiceMaker) if each.tapname == "qga-mux")
        self.assertIs(plugin.options, Options)
        self.assertIs(plugin.makeService, mux.makeService)
        self.assertTrue(issubclass(Daemon, MultiService))
