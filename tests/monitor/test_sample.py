"""What a figure is."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import figures
from txqga.monitor._sample import Kind


class FigureTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        Names are Prometheus's: the unit last, and ``_total`` after it for what only grows.
        """
        for figure in figures():
            bare = figure.name.removesuffix("_total")
            with self.subTest(name=figure.name):
                self.assertEqual(figure.kind is Kind.COUNTER, bare != figure.name)
                self.assertEqual(figure.kind is Kind.INFO, bare.endswith("_info"))
                self.assertRegex(figure.name, r"\Aqga_(guest|agent)_[A-Za-z0-9_]+\Z")
                if figure.unit:
                    self.assertTrue(bare.endswith(f"_{figure.unit}"))
                self.assertTrue(figure.words.endswith("."))
