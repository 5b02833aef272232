"""What can be said to the mux."""

from pathlib import Path

from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._mux_options import Options
from txqga.mux import VM


class OptionsTests(SynchronousTestCase):
    def parse(self, *words: str) -> Options:
        options = Options()
        options.parseOptions(list(words))
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

    def test_monitors(self) -> None:
        """
        The monitors of guests are named with them, and those of guests that are found by what
        these are called.
        """
        words = ("--guest-qmp", "a=/qmp/a", "-g", "a=/a", "-g", "b=/b", "-w", "/w/{name}", "-s/x")
        options = self.parse(*words, "--watch-qmp", "/qmp/{name}")
        self.assertEqual([vm.qmp for vm in options["guests"]], ["unix:/qmp/a", None])
        self.assertEqual(options["watches"][0].qmp, "/qmp/{name}")
        self.assertIn("there is no --guest c", self.refused(*words, "--guest-qmp", "c=/qmp/c"))
        self.assertIn("'a' is not NAME=ENDPOINT", self.refused(*words, "--guest-qmp", "a"))
        self.assertIn("is no endpoint for a", self.refused(*words, "--guest-qmp", "a=b"))
        self.assertIn("--watch-qmp: ", self.refused(*words, "--watch-qmp", "/qmp/{id}"))

    def test_log_format(self) -> None:
        """
        The log is text or JSON.
        """
        words = ("-g", "a=/a", "-s", "/x", "--log-format")
        self.assertEqual(self.parse(*words, "json")["log-format"], "json")
        self.assertIn("neither text nor json", self.refused(*words, "xml"))

    def test_deadlines(self) -> None:
        """
        Deadlines are of three kinds, and longer than nothing.
        """
        words = ("-g", "a=/a", "-s", "/x", "--deadline")
        options = self.parse(*words, "freeze=7", "--deadline", "other=0.5")
        self.assertEqual(options["deadlines"], {"freeze": 7.0, "other": 0.5})
        for wrong in ("freeze", "freeze=", "freeze=0", "freeze=soon", "thaw=3", "freeze=nan"):
            self.assertIn("is not KIND=SECONDS", self.refused(*words, wrong))

    def test_help(self) -> None:
        """
        The help tells what each option is for.
        """
        words = str(Options())
        for option in ("--guest", "--watch", "--serve", "--handles", "--http"):
            self.assertIn(option, words)
