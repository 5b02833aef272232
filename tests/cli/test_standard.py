"""Standard input, output and error that are closed."""

import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

_FIRST = "from txqga.cli._standard import stand_in; stand_in(); print(open('/dev/null').fileno())"


class StandardTests(SynchronousTestCase):
    def run_(self, closed: str, *words: str) -> tuple[int, str, str]:
        """Run Python with some of them closed."""
        shell = f'exec "$@" {closed}'
        argv = ["sh", "-c", shell, "sh", sys.executable, *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_answer(self) -> None:
        """
        An answer that goes nowhere is told as what went wrong, and is none.
        """
        words = "txqga: standard input or output is closed\n"
        for verb in ("--version", "channel-xml"):
            told = self.run_(">&-", "-m", "txqga.cli", verb)
            self.assertEqual(told, (1, "", words))

    def test_full(self) -> None:
        """
        So is one that a full disk does not take.
        """
        told = self.run_(">/dev/full", "-m", "txqga.cli", "channel-xml")
        self.assertEqual(told, (1, "", "txqga: No space left on device\n"))

    def test_complaint(self) -> None:
        """
        A complaint that goes nowhere changes nothing: the exit status says it.
        """
        status, out, _ = self.run_("2>&-", "-m", "txqga.cli", "bake")
        self.assertEqual((status, out), (2, ""))

    def test_question(self) -> None:
        """
        Who reads nothing needs no input.
        """
        status, out, err = self.run_("<&-", "-m", "txqga.cli", "channel-xml", "--json")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("xml", out)

    def test_not_mistaken(self) -> None:
        """
        What is opened later is never taken for one of them.
        """
        for closed in ("<&-", "2>&-", "<&- 2>&-"):
            self.assertGreater(int(self.run_(closed, "-c", _FIRST)[1]), 2)
