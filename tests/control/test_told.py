"""Figures, where nobody asks for them."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._told import Told, Untold


class UntoldTests(SynchronousTestCase):
    def test_nothing(self) -> None:
        """
        There are none, and that is told.
        """
        told: Told = Untold()
        self.assertIs(told.polls, False)
        self.assertEqual([*told.families(["db1"])], [])
        self.assertEqual((told.vitals("db1", 5), told.figures("db1")), ({}, []))
