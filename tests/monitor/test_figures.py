"""Every figure that there is."""

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from txqga.monitor import _figures
from txqga.monitor._data import DATA
from txqga.monitor._figures import figures


class FiguresTests(SynchronousTestCase):
    def test_each_once(self) -> None:
        """
        No two figures have the same name, and all of the file are there.
        """
        names = [figure.name for figure in figures()]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn(_figures.LOAD1, list(figures()))
        self.assertIn(_figures.MEMORY["MemAvailable"], list(figures()))

    def test_told(self) -> None:
        """
        Each figure is in the documentation, with its labels, and so is where each datum comes from.
        """
        page = (ROOT / "docs" / "reference" / "figures.rst").read_text()
        for figure in figures():
            labels = f"{{{', '.join(figure.labels)}}}" if figure.labels else ""
            self.assertIn(f"``{figure.name}{labels}``\n     - {figure.kind.value}\n", page)
        for datum in DATA:
            sources = ", then ".join(f"``{source.name}``" for source in datum.sources)
            self.assertIn(f"``{datum.name}``\n     - {datum.period:.0f}\n     - {sources}\n", page)
