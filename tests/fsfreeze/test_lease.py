"""Leases, and how a guest stands."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze._lease import HOLDING, Stage


class StageTests(SynchronousTestCase):
    def test_holding(self) -> None:
        """
        A guest takes no commands from the moment a freeze is under way until it is thawed.
        """
        self.assertEqual({each.value for each in HOLDING}, {"freezing", "frozen", "thawing"})
        self.assertEqual(
            {each.value for each in Stage} - {each.value for each in HOLDING},
            {"thawed", "lapsed", "doubtful"},
        )
