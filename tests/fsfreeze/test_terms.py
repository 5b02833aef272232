"""For how long a guest may be frozen."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import InvalidArguments
from txqga.fsfreeze._terms import Terms
from txqga.wire import JSON


class TermsTests(SynchronousTestCase):
    def test_default(self) -> None:
        """
        Whoever does not say how long gets the usual time.
        """
        self.assertEqual(Terms().of(None), 300)
        self.assertEqual(Terms(lease=10).of(None), 10)

    def test_said(self) -> None:
        """
        Whoever says how long gets that, within limits.
        """
        terms = Terms(longest=600)
        self.assertEqual(terms.of(600), 600.0)
        wrongs: list[JSON] = [0, -1, 601, 10**400, True, "60", [], float("nan"), float("inf")]
        for wrong in wrongs:
            why = self.assertRaises(InvalidArguments, terms.of, wrong)
            self.assertIn("seconds: ", str(why))

    def test_wrong(self) -> None:
        """
        The usual time is none that is not allowed.
        """
        self.assertRaises(ValueError, Terms, lease=601, longest=600)
        self.assertRaises(ValueError, Terms, lease=0)
