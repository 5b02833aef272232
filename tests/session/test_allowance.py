"""Lines in the log, rationed."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.session._allowance import BURST, PAUSE, Allowance


class AllowanceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.allowance = Allowance(self.clock)

    def take(self, times: int) -> list[int | None]:
        return [self.allowance.take() for _ in range(times)]

    def test_burst(self) -> None:
        """
        So many are granted at once, and no more.
        """
        self.assertEqual(self.take(BURST + 2), [0] * BURST + [None, None])
        self.assertEqual(self.allowance.missed, 2)

    def test_earned(self) -> None:
        """
        Each pause earns one more, which tells how many were refused meanwhile.
        """
        self.take(BURST + 3)
        self.clock.advance(PAUSE)
        self.assertEqual(self.take(2), [3, None])
        self.clock.advance(2 * PAUSE)
        self.assertEqual(self.take(3), [1, 0, None])

    def test_no_more_than_the_burst(self) -> None:
        """
        What is not used is not saved up for ever.
        """
        self.clock.advance(1000 * PAUSE)
        self.assertEqual(self.take(BURST + 1)[-2:], [0, None])
