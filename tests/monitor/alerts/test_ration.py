"""How much may be told of one guest."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor.alerts._ration import EVERY, MOST, Ration


class RationTests(SynchronousTestCase):
    def test_ration(self) -> None:
        """
        Of a guest that changes its mind all the time no more is told than its share, and the rest
        is not forgotten: whoever tells is told that it was not.
        """
        clock = Clock()
        told: list[tuple[str, object]] = []
        tell = Ration(clock.seconds, lambda kind, **data: told.append((kind, data)))
        self.assertEqual(
            [tell("x", number=1) for _ in range(MOST + 2)], [True] * MOST + [False] * 2
        )
        self.assertEqual(told, [("x", {"number": 1})] * MOST)
        clock.advance(EVERY / 2)
        self.assertFalse(tell("x"))
        clock.advance(EVERY / 2)
        self.assertEqual((tell("x"), tell("x")), (True, False))
        clock.advance(EVERY * MOST * 10)
        self.assertEqual([tell("x") for _ in range(MOST + 1)], [True] * MOST + [False])
