"""Columns of numbers."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._columns import leading_numbers


class LeadingNumbersTests(SynchronousTestCase):
    def test_numbers(self) -> None:
        """
        Numbers count up to the first word that is none.
        """
        self.assertEqual(leading_numbers([b"1", b"18446744073709551615"]), [1, 2**64 - 1])
        self.assertEqual(leading_numbers([b"1", b"x", b"2"]), [1])
        for word in (b"", b"-1", b"1_0", b"0x1", b"1.5", "\uff11".encode()):
            self.assertEqual(leading_numbers([word]), [], word)
        self.assertEqual(leading_numbers([]), [])
