"""What is taken of what a guest says."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._draft import LONGEST, Draft, clean
from txqga.monitor._figures import CLOCK_OFFSET, FILESYSTEM_USED, LOAD1, OS_INFO, RECEIVED_BYTES
from txqga.monitor._sample import Sample


class DraftTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.draft = Draft(series=3)

    def test_taken(self) -> None:
        """
        A number is a sample; so is one that is scaled.
        """
        self.draft.add(LOAD1, 0.5)
        self.draft.add(RECEIVED_BYTES, 3, "eth0", scale=2.0)
        self.assertEqual(
            self.draft.samples, [Sample(LOAD1, 0.5), Sample(RECEIVED_BYTES, 6.0, ("eth0",))]
        )
        self.assertEqual(self.draft.nonsense, 0)

    def test_scaled_away(self) -> None:
        """
        What is beyond all numbers when it is scaled is none.
        """
        self.draft.add(LOAD1, 1e308, scale=1e10)
        self.assertEqual((self.draft.samples, self.draft.nonsense), ([], 1))

    def test_missing(self) -> None:
        """
        What was not said is not there: it is not 0, and no nonsense.
        """
        self.draft.add(LOAD1, None)
        self.draft.info(OS_INFO, None, None, None)
        self.assertEqual(self.draft.samples, [])
        self.assertEqual(self.draft.nonsense, 0)

    def test_nonsense(self) -> None:
        """
        What is no number, or cannot be one of these, is not taken, and counted.
        """
        wrong: list[object] = ["1", True, float("nan"), float("inf"), -1, 10**400, [], {}]
        for value in wrong:
            self.draft.add(RECEIVED_BYTES, value, "eth0")
        self.draft.add(RECEIVED_BYTES, 1, 7)
        self.assertEqual(self.draft.samples, [])
        self.assertEqual(self.draft.nonsense, len(wrong) + 1)

    def test_below_zero(self) -> None:
        """
        What goes up and down may be below 0, if that can be meant.
        """
        for figure, *labels in ((LOAD1,), (FILESYSTEM_USED, "vda1", "/", "ext4")):
            self.draft.add(figure, -1, *labels)
        self.assertEqual((self.draft.samples, self.draft.nonsense), ([], 2))
        self.draft.add(CLOCK_OFFSET, -1.5)
        self.assertEqual(self.draft.samples, [Sample(CLOCK_OFFSET, -1.5)])

    def test_series(self) -> None:
        """
        A guest makes so many series of one figure; the others are counted.
        """
        for number in range(5):
            self.draft.add(RECEIVED_BYTES, number, f"eth{number}")
        self.draft.add(LOAD1, 1)
        self.assertEqual(len(self.draft.samples), 4)
        self.assertEqual(self.draft.overflow, 2)

    def test_same_again(self) -> None:
        """
        Of two that have the same labels the last one counts: no sink takes both.
        """
        self.draft.add(RECEIVED_BYTES, 1, "eth0")
        self.draft.add(RECEIVED_BYTES, 2, "eth0")
        self.assertEqual(self.draft.samples, [Sample(RECEIVED_BYTES, 2.0, ("eth0",))])

    def test_names(self) -> None:
        """
        A name is short, and all of it can be seen.
        """
        self.assertEqual(clean("eth0"), "eth0")
        self.assertEqual(clean("/srv/größe"), "/srv/größe")
        self.assertEqual(
            clean("a\x1b[2Jb\n\ud800\u202e"),
            "a\N{REPLACEMENT CHARACTER}[2Jb" + "\N{REPLACEMENT CHARACTER}" * 3,
        )
        long = clean("x" * 10_000)
        self.assertEqual(len(long), LONGEST)
        self.assertTrue(long.endswith("x…"))

    def test_info(self) -> None:
        """
        Of what is told in words, a part may be missing.
        """
        self.draft.info(OS_INFO, "debian", None, "6.1")
        self.assertEqual(self.draft.samples, [Sample(OS_INFO, 1.0, ("debian", "", "6.1"))])
