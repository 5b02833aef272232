"""How far a copy is, and what became of it."""

import os
from io import StringIO

from twisted.trial.unittest import SynchronousTestCase

from tests.cli._case import Terminal
from txqga.cli import _copying
from txqga.cli._copying import document, notes, progress
from txqga.files import Progress, Report, Skipped, Verified


class ProgressTests(SynchronousTestCase):
    def test_terminal(self) -> None:
        """
        Who looks at a terminal sees how far it is; the name does nothing to the terminal.
        """
        self.patch(os, "environ", {**os.environ, "TERM": "xterm"})
        terminal = Terminal()
        self.patch(_copying, "shown", lambda text: f"<{text}>")
        with progress(terminal, quiet=False) as tell:
            assert tell is not None
            for octets, total in ((0, None), (512, 1024)):
                tell(Progress(name="a", octets=octets, total=total, rate=1.0, total_files=2))
        self.assertIn("<a> (1/2)", terminal.getvalue())

    def test_nobody_looks(self) -> None:
        """
        Nothing is shown to a file, or to who wants none.
        """
        for stderr, quiet in ((StringIO(), False), (Terminal(), True)):
            with progress(stderr, quiet=quiet) as tell:
                self.assertIs(tell, None)
            self.assertEqual(stderr.getvalue(), "")


class ReportTests(SynchronousTestCase):
    def test_notes(self) -> None:
        """
        What is not as it was asked for is said, and not without end.
        """
        report = Report(octets=1, in_place=True, verified=frozenset({Verified.NO}))
        self.assertEqual(len(notes(report, verify=True)), 2)
        self.assertEqual(notes(report, verify=False, stream=True), [])
        many = [Skipped(str(number), "no") for number in range(200)]
        self.assertEqual(notes(Report(octets=1, skipped=many), verify=False)[-1], "and 100 more")

    def test_document(self) -> None:
        """
        Programs are told all of it.
        """
        told = document(
            Report(octets=1, skipped=[Skipped("a", "no")], verified=frozenset({Verified.PROGRAM}))
        )
        self.assertEqual(
            (told["skipped"], told["verified"]), ([{"name": "a", "why": "no"}], ["program"])
        )
