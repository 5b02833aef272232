"""What became of a copy."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.files import Report, Skipped, Verified


class ReportTests(SynchronousTestCase):
    def test_rate(self) -> None:
        """
        The rate is of what was moved; what was there before does not count.
        """
        self.assertEqual(Report(octets=300, resumed=100, seconds=2.0).rate, 100)
        self.assertEqual(Report(octets=300).rate, 0)

    def test_verified(self) -> None:
        """
        A copy is verified if all its files are.
        """
        both = frozenset({Verified.PROGRAM, Verified.NO})
        self.assertFalse(Report(octets=1, verified=both).is_verified)
        good = Report(octets=1, verified=frozenset({Verified.READ_BACK}))
        self.assertTrue(good.is_verified)
        self.assertFalse(Report(octets=0, files=0).is_verified)

    def test_skipped(self) -> None:
        """
        What was skipped is told by its name, and why.
        """
        self.assertEqual(str(Skipped("a/b", "it is a device")), "a/b: it is a device")
