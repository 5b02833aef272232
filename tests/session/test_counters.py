"""Counters start at nothing."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.session import Counters


class CountersTests(SynchronousTestCase):
    def test_own(self) -> None:
        """
        Each session counts for itself.
        """
        first, second = Counters(), Counters()
        first.timeouts["guest-ping"] += 1
        self.assertEqual(second, Counters())
