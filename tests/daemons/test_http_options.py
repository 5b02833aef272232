"""The control interface and guests' figures, as the mux's command line describes them."""

from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._http_options import POLL_PERIOD
from txqga.daemons._mux_options import Options
from txqga.monitor import DATA


class HttpOptionsTests(SynchronousTestCase):
    def parse(self, *words: str) -> Options:
        options = Options()
        options.parseOptions(["--guest", "db1=/run/db1", "--serve", "/run/qga", *words])
        return options

    def test_poll(self) -> None:
        """
        Guests are asked where their figures can be read, and as often as is said.
        """
        self.assertFalse(self.parse()["poll"])
        self.assertRaises(usage.UsageError, self.parse, "--poll")
        options = self.parse("--poll", "--http", "unix:/run/http", "--poll-period", "60")
        self.assertEqual(options["poll-period"], 60.0)
        for wrong in ("0", "-1", "nan", "often"):
            self.assertRaises(usage.UsageError, self.parse, f"--poll-period={wrong}")

    def test_usual(self) -> None:
        """
        What is usual is the period of what changes most often.
        """
        self.assertEqual(min(datum.period for datum in DATA), POLL_PERIOD)
