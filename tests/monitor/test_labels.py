"""Labels that an operator gives to guests."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import figures
from txqga.monitor._labels import LONGEST, OURS, TAKEN, fault


class LabelsTests(SynchronousTestCase):
    def test_free(self) -> None:
        """
        Names that nobody has are free.
        """
        self.assertIsNone(fault({"tenant": "acme", "_x1": "", "Project": "x" * LONGEST}))

    def test_taken(self) -> None:
        """
        Labels that the mux, Prometheus or any figure has are not.
        """
        for name in (*OURS, "sink", "mountpoint", "device"):
            self.assertEqual(fault({name: "x"}), f"{name}: the mux says that itself")
        for figure in figures():
            self.assertLessEqual({*figure.labels}, TAKEN)

    def test_wrong(self) -> None:
        """
        What is no name, or no short string, is told.
        """
        for name in ("", "a-b", "1a", "__a", "a" * 65, "ä"):
            self.assertEqual(fault({name: "x"}), f"{name!r} is no name of a label")
        values: list[Any] = [1, True, None, [], "x" * (LONGEST + 1)]
        for value in values:
            self.assertIn("tenant: a string of up to", fault({"tenant": value}) or "")
