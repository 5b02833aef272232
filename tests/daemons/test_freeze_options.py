"""How freezes are kept, as the mux's command line describes it."""

from pathlib import Path

from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._freeze_options import hook_of
from txqga.daemons._mux_options import Options
from txqga.fsfreeze import Hook, Terms


class FreezeOptionsTests(SynchronousTestCase):
    def parse(self, *words: str) -> Options:
        options = Options()
        options.parseOptions(list(words))
        return options

    def refused(self, *words: str) -> str:
        return str(self.assertRaises(usage.UsageError, self.parse, *words))

    def test_hook(self) -> None:
        """
        A program that is to be run when guests are frozen has to be there.
        """
        words = ("--guest", "db1=/run/db1", "--serve", "/run/qga", "--freeze-hook")
        self.assertIsNone(self.parse(*words[:-1])["freeze-hook"])
        self.assertEqual(self.parse(*words, "/bin/true")["freeze-hook"], "/bin/true")
        for wrong in ("/bin/no-such-program", "/bin", "/etc/passwd"):
            self.assertIn("no program is there", self.refused(*words, wrong))

    def test_hook_limit(self) -> None:
        """
        The hook may take a minute, or what is said, or as long as it likes.
        """
        words = ("--guest", "db1=/run/db1", "--serve", "/run/qga", "--freeze-hook=/bin/true")
        for more, limit in (((), 60.0), (("--freeze-hook-limit=7",), 7.0)):
            self.assertEqual(hook_of(self.parse(*words, *more)), Hook(["/bin/true"], limit))
        for word in ("0", "0.0"):
            options = self.parse(*words, "--freeze-hook-limit", word)
            self.assertEqual(hook_of(options), Hook(["/bin/true"], None))
        for wrong in ("-1", "nan", "inf", "soon"):
            self.refused(*words, f"--freeze-hook-limit={wrong}")

    def test_leases(self) -> None:
        """
        How long guests may be frozen, and where that is written down, can be said.
        """
        words = ("--guest", "db1=/run/db1", "--serve", "/run/qga")
        options = self.parse(*words)
        self.assertIsNone(options["state"])
        self.assertEqual(options.mux_options().guest.terms, Terms(lease=300, longest=3600))
        more = ("--freeze-lease", "60", "--freeze-longest", "90", "--state", "state")
        options = self.parse(*words, *more)
        self.assertEqual(options.mux_options().guest.terms, Terms(lease=60, longest=90))
        self.assertEqual(options["state"], str(Path.cwd() / "state"))
        for wrong in ("0", "-1", "nan", "inf", "soon"):
            said = self.refused(*words, "--freeze-lease", wrong)
            self.assertIn(f"--freeze-lease: {wrong!r} is no number of seconds", said)
        self.assertIn("longer than", self.refused(*words, "--freeze-lease", "3601"))
