"""Which verbs there are."""

from twisted.trial.unittest import SynchronousTestCase

from tests._house import PACKAGE
from txqga.cli.verbs import VERBS


class AllTests(SynchronousTestCase):
    def test_complete(self) -> None:
        """
        Each module of verbs is listed.
        """
        there = {path.stem for path in (PACKAGE / "cli" / "verbs").glob("_*.py")}
        apart = {"__init__", "_all"}
        self.assertEqual({module for module, _ in VERBS.values()}, there - apart)
