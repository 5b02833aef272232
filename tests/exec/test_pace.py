"""How often a guest is asked."""

from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.exec._pace import FIRST, Pace


class PaceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.pace = Pace(self.clock, longest=0.5)

    def pauses(self, seconds: float) -> int:
        """Count those that fit."""
        count, end = 0, self.clock.seconds() + seconds
        while True:
            pause = self.pace.pause()
            (timer,) = self.clock.getDelayedCalls()
            if timer.getTime() > end:
                self.pace.quicken()
                self.successResultOf(pause)
                return count
            self.clock.advance(timer.getTime() - self.clock.seconds())
            self.successResultOf(pause)
            count += 1

    def test_grows(self) -> None:
        """
        The longer nothing happens, the more rarely is asked; but never too rarely.
        """
        self.assertGreater(self.pauses(0.2), 4)
        for _ in range(40):
            self.pace.pause()
            self.clock.advance(0.5)
        self.pace.pause()
        (timer,) = self.clock.getDelayedCalls()
        self.assertEqual(timer.getTime() - self.clock.seconds(), 0.5)

    def test_quicken(self) -> None:
        """
        When something happens, the pause ends, and the next one is short.
        """
        self.pauses(5.0)
        pause = self.pace.pause()
        self.pace.quicken()
        self.successResultOf(pause)
        self.pace.quicken()
        pause = self.pace.pause()
        self.clock.advance(FIRST)
        self.successResultOf(pause)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_cancelled(self) -> None:
        """
        A pause that nobody waits for leaves no timer.
        """
        pause = self.pace.pause()
        pause.cancel()
        self.failureResultOf(pause, CancelledError)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.pace.quicken()
