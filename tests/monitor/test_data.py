"""What is asked of every guest."""

from twisted.trial.unittest import SynchronousTestCase

from tests.monitor.collectors._case import ODD
from txqga.monitor._data import DATA
from txqga.monitor._draft import Draft
from txqga.monitor._source import Answer, Command
from txqga.schema import extended

#: Of the plug-in that is shipped.
PLUGINS = {"txqga-get-meminfo"}


class DataTests(SynchronousTestCase):
    def test_commands(self) -> None:
        """
        Each command that is asked for exists, and changes nothing.
        """
        known = extended().commands
        for datum in DATA:
            for source in datum.sources:
                if isinstance(source, Command) and source.name not in PLUGINS:
                    self.assertIn(source.name, known)
                    self.assertRegex(source.name, r"\Aguest-(info|get-|network-get-)")

    def test_each_once(self) -> None:
        """
        Names of data are words of ours, each of them once.
        """
        names = [datum.name for datum in DATA]
        self.assertEqual(len(names), len(set(names)))

    def test_odd(self) -> None:
        """
        Whatever a guest says, each source bears it.
        """
        for datum in DATA:
            for source in datum.sources:
                for said in ODD:
                    source.read(Answer(said if isinstance(source, Command) else "x", 1, 2), Draft())
