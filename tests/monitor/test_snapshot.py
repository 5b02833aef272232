"""What is known of one guest."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import LOAD1
from txqga.monitor._sample import Sample
from txqga.monitor._snapshot import Reading, Snapshot


class SnapshotTests(SynchronousTestCase):
    def test_fresh(self) -> None:
        """
        What is too old is not told.
        """
        snapshot = Snapshot()
        old = Reading(samples=(Sample(LOAD1, 1.0),), time=5.0, source="a", expires=50.0)
        new = Reading(samples=(Sample(LOAD1, 2.0),), time=40.0, source="b", expires=90.0)
        snapshot.readings.update(load=old, other=new)
        self.assertEqual(list(snapshot.fresh(49.0)), [("load", old), ("other", new)])
        self.assertEqual(list(snapshot.fresh(50.0)), [("other", new)])
