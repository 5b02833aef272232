"""What somebody wants, and where the answer goes."""

from functools import partial

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze._wishes import Freeze, Renewal, Thaw


class WishesTests(SynchronousTestCase):
    def test_answers(self) -> None:
        """
        Each wish has an answer of its own, and is told from one that looks the same.
        """
        makers = (
            partial(Freeze, owner="ann", seconds=60.0, send=Deferred),
            partial(Thaw, Deferred),
        )
        for make in (*makers, partial(Renewal, 60.0)):
            one, two = make(), make()
            self.assertNotEqual(one, two)
            self.assertIsNot(one.answer, two.answer)
