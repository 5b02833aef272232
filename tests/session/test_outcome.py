"""What becomes of a command without a reply."""

from twisted.internet.defer import CancelledError
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.interfaces import IOutcome
from txqga.session._outcome import Outcome


class OutcomeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.outcome = Outcome()

    def test_interface(self) -> None:
        """
        An outcome is what errors promise.
        """
        self.assertTrue(verifyObject(IOutcome, self.outcome))

    def test_everybody_is_told(self) -> None:
        """
        Whoever waits is told, early or late; and what is known once does not change.
        """
        early = [self.outcome.settled(), self.outcome.settled()]
        self.assertNoResult(early[0])
        self.outcome.settle("reply")
        self.outcome.settle(None)
        for each in (*early, self.outcome.settled()):
            self.assertEqual(self.successResultOf(each), "reply")

    def test_stop_waiting(self) -> None:
        """
        One who stops waiting does not keep the others from being told.
        """
        first, second = self.outcome.settled(), self.outcome.settled()
        first.cancel()
        self.failureResultOf(first, CancelledError)
        self.outcome.settle(None)
        self.assertIs(self.successResultOf(second), None)
