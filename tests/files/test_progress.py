"""How far a copy is, and how fast it may go."""

from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.files import Progress
from txqga.files._progress import BURST, RECENT, Meter


class MeterTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.told: list[Progress] = []

    def test_told(self) -> None:
        """
        Each piece is told, with the total as far as it is known and the rate of late.
        """
        meter = Meter(self.clock, self.told.append, name="a")
        meter.total, meter.total_files = 4000, 2
        meter.skip(1000)
        self.clock.advance(1)
        self.assertIs(meter.came(500), None)
        meter.finished()
        self.assertEqual([each.octets for each in self.told], [1000, 1500, 1500])
        self.assertEqual([each.files for each in self.told], [0, 0, 1])
        last = self.told[-1]
        self.assertEqual((last.name, last.total, last.total_files, last.rate), ("a", 4000, 2, 500))
        self.clock.advance(RECENT)
        meter.came(0)
        self.clock.advance(1)
        meter.came(0)
        self.assertEqual(meter.rate, 0)

    def test_limit(self) -> None:
        """
        What comes too fast is held back until it would have come at the rate allowed.
        """
        meter = Meter(self.clock, limit=1000.0)
        for _ in range(3):
            pause = meter.came(500)
            assert pause is not None
            self.clock.advance(0.45)
            self.assertNoResult(pause)
            self.clock.advance(0.05)
            self.successResultOf(pause)
        self.assertGreaterEqual(self.clock.seconds(), 1.49)

    def test_burst(self) -> None:
        """
        A long pause does not earn the right to much at once.
        """
        meter = Meter(self.clock, limit=1000.0)
        pause = meter.came(1)
        assert pause is not None
        self.clock.advance(100)
        self.assertIs(meter.came(int(BURST * 1000)), None)
        held = meter.came(1)
        assert held is not None
        held.cancel()
        self.failureResultOf(held, CancelledError)
        self.assertEqual(self.clock.getDelayedCalls(), [])
