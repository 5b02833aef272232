"""Seconds, as they are said."""

import click
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._seconds import SECONDS, Seconds


class SecondsTests(SynchronousTestCase):
    def test_numbers(self) -> None:
        """
        Seconds are a number, above none or above the least that makes sense.
        """
        self.assertEqual([SECONDS.convert(each, None, None) for each in ("2", "0.5")], [2.0, 0.5])
        self.assertEqual(Seconds(0.1).convert("0.1", None, None), 0.1)
        self.assertRaises(click.BadParameter, Seconds(0.1).convert, "0.05", None, None)

    def test_no_numbers(self) -> None:
        """
        None, less than none, endless and what is no number at all are mistakes.
        """
        for word in ("0", "-1", "nan", "inf", "soon"):
            self.assertRaises(click.BadParameter, SECONDS.convert, word, None, None)
