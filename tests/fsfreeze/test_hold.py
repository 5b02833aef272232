"""The clock of a freeze."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze._hold import LOOK, Hold, Timing
from txqga.fsfreeze._steps import Span


class HoldTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.asleep = 0.0
        self.looked = 0

    def boottime(self) -> float:
        return self.clock.seconds() + self.asleep

    def timing(self, limit: int) -> Timing:
        return Timing(clock=self.clock, boottime=self.boottime, limit=limit)

    def look(self) -> None:
        self.looked += 1

    def test_span(self) -> None:
        """
        A freeze lasts as long as it may, or for ever where there is no limit.
        """
        self.clock.advance(5)
        self.assertEqual(self.timing(10).span(), Span(5, 15))
        self.assertEqual(self.timing(0).span(), Span(5, None))

    def test_renewed(self) -> None:
        """
        It may be renewed for less than the limit, and for no more; without a limit for anything.
        """
        self.clock.advance(5)
        for limit, seconds, left in ((10, 3, 3), (10, 300, 10), (0, 300, 300)):
            hold = Hold(self.timing(limit), Span(1, 11))
            self.assertEqual(hold.renew(seconds), left)
            self.assertEqual(hold.span, Span(1, 5 + left))

    def test_exactly(self) -> None:
        """
        It is looked at when it is time, not a moment later.
        """
        hold = Hold(self.timing(2), Span(0, 2.5))
        hold.watch(self.look)
        for _ in range(2):
            self.clock.advance(LOOK)
            self.assertFalse(hold.look(self.look))
        self.clock.advance(0.5)
        self.assertEqual(self.looked, 3)
        self.assertTrue(hold.look(self.look))

    def test_asleep(self) -> None:
        """
        Time in which the guest slept counts, although no timer runs then.
        """
        hold = Hold(self.timing(600), Span(0, 600))
        hold.watch(self.look)
        self.asleep = 700
        self.clock.advance(LOOK)
        self.assertEqual(self.looked, 1)
        self.assertTrue(hold.look(self.look))

    def test_left(self) -> None:
        """
        Whole seconds are told; after the end none are left.
        """
        hold = Hold(self.timing(10), Span(0, 10))
        self.assertEqual(hold.left(), 10)
        self.clock.advance(4.5)
        self.assertEqual((hold.left(), hold.lasted()), (5, 4))
        self.clock.advance(100)
        self.assertEqual(hold.left(), 0)
        self.assertIsNone(Hold(self.timing(0), Span(0, None)).left())

    def test_no_limit(self) -> None:
        """
        Without a limit no timer is set.
        """
        Hold(self.timing(0), Span(0, None)).watch(self.look)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_leave(self) -> None:
        """
        What is left alone is not looked at.
        """
        hold = Hold(self.timing(1), Span(0, 1))
        hold.leave()
        hold.watch(self.look)
        hold.leave()
        hold.leave()
        self.clock.advance(5)
        self.assertEqual(self.looked, 0)
