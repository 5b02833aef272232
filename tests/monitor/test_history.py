"""How a guest was, for a short while back."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import LOAD1
from txqga.monitor._history import POINTS, STALE, History, Point
from txqga.monitor._sample import Sample


class HistoryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.history = History()

    def test_bounded(self) -> None:
        """
        Only the last points are kept.
        """
        for number in range(POINTS + 5):
            self.history.take([Sample(LOAD1, float(number))], float(number))
        kept = [each.value for each in self.history.points["load"]]
        self.assertEqual((len(kept), kept[0]), (POINTS, 5.0))

    def test_fresh(self) -> None:
        """
        What was read long ago is told no more.
        """
        self.history.take([Sample(LOAD1, 1.0)], 10.0)
        self.assertEqual([*self.history.fresh(9.0 + STALE)["load"]], [Point(10.0, 1.0)])
        self.assertEqual(self.history.fresh(10.0 + STALE), {})
