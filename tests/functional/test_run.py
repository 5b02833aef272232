"""The runner behind ``make test``, watching real processes."""

import io
import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests.run import Tally, beside, lines, trial


class LinesTests(SynchronousTestCase):
    def printed(self, program: str, silence: float = 60.0) -> list[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
        )
        with process:
            return list(lines(process, silence))

    def test_lines(self) -> None:
        """
        What a run prints is seen line by line, the last one also without its newline.
        """
        self.assertEqual(self.printed("print('a\\n\\nb', end='')"), ["a", "", "b"])

    def test_hung(self) -> None:
        """
        A run that falls silent is killed and says so, instead of hanging whoever waits for it.
        """
        seen = self.printed("import time; print('a', flush=True); time.sleep(600)", 5.0)
        self.assertEqual(seen, ["a", "killed: nothing was printed for 5 s"])


class TrialTests(SynchronousTestCase):
    def run_trial(self, *names: str) -> tuple[Tally, str]:
        tally, shown = Tally(), io.StringIO()
        trial(names, tally, lambda line: print(line, file=shown), 1, 600.0)
        return tally, shown.getvalue()

    def test_counts(self) -> None:
        """
        A run under trial is shown as it goes and counted.
        """
        tally, shown = self.run_trial("tests.test_run.TallyTests.test_nothing")
        self.assertEqual(tally.summary(), "1 passed, 0 failed, 0 skipped")
        self.assertIn("test_nothing", shown)

    def test_no_such_test(self) -> None:
        """
        A name that leads nowhere is a failure, not an empty success.
        """
        tally, _ = self.run_trial("tests.no_such_module")
        self.assertEqual((tally.passed, tally.failed), (0, 1))


class BesideTests(SynchronousTestCase):
    def test_reports(self) -> None:
        """
        Trials that run beside each other are all counted, and each report comes in one piece.
        """
        names = ["tests.test_run.TallyTests", "tests.test_run.ModulesTests", "tests.no_such_module"]
        tally, shown = Tally(), list[str]()
        beside(names, tally, shown.append, 3, 600.0)
        self.assertEqual((tally.passed, tally.failed), (7, 1))
        (start,) = (number for number, line in enumerate(shown) if line.strip() == "TallyTests")
        report = shown[start : shown.index("PASSED (successes=5)")]
        self.assertEqual(sum("[OK]" in line for line in report), 5)
