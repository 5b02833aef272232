"""One timer serves many deadlines."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.session._watch import Watch


class WatchTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.looks: list[float] = []
        self.next: float | None = None
        self.watch = Watch(self.clock, self.look)

    def look(self, now: float) -> float | None:
        self.looks.append(now)
        when, self.next = self.next, None
        return when

    def test_earliest(self) -> None:
        """
        Of many deadlines the earliest counts, and one timer is enough.
        """
        for when in (5.0, 3.0, 7.0):
            self.watch.by(when)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(3)
        self.clock.advance(9)
        self.assertEqual(self.looks, [3.0])

    def test_looks_again(self) -> None:
        """
        Whoever looked says when to look next.
        """
        self.next = 4.0
        self.watch.by(1.0)
        self.clock.pump([1, 3, 5])
        self.assertEqual(self.looks, [1.0, 4.0])

    def test_set_while_looking(self) -> None:
        """
        A deadline that is set while looking counts as well.
        """

        def look(now: float) -> float | None:
            if now < 2:
                watch.by(2.0)
            self.looks.append(now)
            return 3.0 if now < 3 else None

        watch = Watch(self.clock, look)
        watch.by(1.0)
        self.clock.pump([1, 1, 1])
        self.assertEqual(self.looks, [1.0, 2.0, 3.0])

    def test_past(self) -> None:
        """
        A deadline that has passed is looked at as soon as can be.
        """
        self.clock.advance(5)
        self.watch.by(1.0)
        self.clock.advance(0)
        self.assertEqual(self.looks, [5.0])

    def test_cancel(self) -> None:
        """
        A cancelled watch leaves no timer, and can be set again.
        """
        self.watch.by(1.0)
        self.watch.cancel()
        self.watch.cancel()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.watch.by(2.0)
        self.clock.advance(2)
        self.assertEqual(self.looks, [2.0])
