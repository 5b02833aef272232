"""What became of a copy."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.files import Report, Skipped, Verified
from txqga.files._report import together


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

    def test_together(self) -> None:
        """
        The report of a folder is that of all its files.
        """
        lost, skipped = Skipped("a", "not kept: mode"), Skipped("b", "it is a device")
        both = together(
            [
                Report(octets=5, resumed=2, verified=frozenset({Verified.PROGRAM}), lost=[lost]),
                Report(octets=7, verified=frozenset({Verified.NO}), in_place=True),
            ],
            folders=3,
            links=4,
            skipped=[skipped],
        )
        self.assertEqual((both.octets, both.resumed, both.files), (12, 2, 2))
        self.assertEqual((both.folders, both.links, both.in_place), (3, 4, True))
        self.assertEqual(both.verified, {Verified.PROGRAM, Verified.NO})
        self.assertEqual((both.lost, both.skipped, both.digest), ((lost,), (skipped,), None))
        none = together([], folders=0, links=0, skipped=[])
        self.assertEqual((none.files, none.is_verified), (0, False))
