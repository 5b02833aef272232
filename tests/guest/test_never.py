"""An outcome that nobody will tell any more."""

from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.guest._never import Never
from txqga.interfaces import IOutcome


class NeverTests(SynchronousTestCase):
    def test_settled(self) -> None:
        """
        It is known at once that it will not be known.
        """
        self.assertTrue(verifyObject(IOutcome, Never()))
        self.assertIs(self.successResultOf(Never().settled()), None)
