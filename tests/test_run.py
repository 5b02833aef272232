"""The runner behind ``make test``."""

import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.run import Tally, modules

REPORT = """\
tests.wire.test_scanner
  ScannerTests
    test_one ...                                                           [OK]

===============================================================================
[SKIPPED]
no qemu-ga here

tests.functional.test_real.RealTests.test_a
tests.functional.test_real.RealTests.test_b
===============================================================================
[FAIL]
Traceback (most recent call last):
-------------------------------------------------------------------------------
Ran 9 tests in 0.010s

FAILED (skips=2, expectedFailures=1, failures=1, errors=2, successes=3)
"""


class TallyTests(SynchronousTestCase):
    def tally(self, *reports: str) -> Tally:
        tally = Tally()
        for report in reports:
            for line in report.splitlines():
                tally.line(line)
        return tally

    def test_counts(self) -> None:
        """
        An error counts as a failed test, a failure that was expected as a passed one.
        """
        self.assertEqual(self.tally(REPORT).summary(), "4 passed, 3 failed, 2 skipped")

    def test_reasons(self) -> None:
        """
        Each reason for skipping is kept, with the number of tests it was given for.
        """
        self.assertEqual(self.tally(REPORT).reasons, {"no qemu-ga here": 2})

    def test_adds_up(self) -> None:
        """
        Several reports make one result.
        """
        tally = self.tally(REPORT, REPORT, "PASSED (successes=5)")
        self.assertEqual(tally.summary(), "13 passed, 6 failed, 4 skipped")
        self.assertEqual(tally.reasons, {"no qemu-ga here": 4})

    def test_added(self) -> None:
        """
        What was counted apart is added up.
        """
        tally = self.tally(REPORT)
        tally.add(self.tally(REPORT))
        self.assertEqual(tally.summary(), "8 passed, 6 failed, 4 skipped")
        self.assertEqual(tally.reasons, {"no qemu-ga here": 4})

    def test_nothing(self) -> None:
        """
        Nothing counted is said as such.
        """
        self.assertEqual(self.tally("").summary(), "0 passed, 0 failed, 0 skipped")


class ModulesTests(SynchronousTestCase):
    def test_sorted_into_kinds(self) -> None:
        """
        Functional tests are told from unit tests by their folder; those of the virtual machine are
        neither.
        """
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "tests"
            for name in (
                "test_a",
                "wire/test_b",
                "functional/test_c",
                "vm/test_d",
                "wire/e",
            ):
                path = root / f"{name}.py"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            self.assertEqual(
                modules(root),
                (["tests.test_a", "tests.wire.test_b"], ["tests.functional.test_c"]),
            )

    def test_finds_itself(self) -> None:
        """
        The tests of the runner are among those that it runs.
        """
        self.assertIn("tests.test_run", modules()[0])
