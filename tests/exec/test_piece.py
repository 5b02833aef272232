"""What a guest tells of a program when it is asked once."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import Misfit
from txqga.exec._piece import Ended, Piece, ended


class PieceTests(SynchronousTestCase):
    def test_last(self) -> None:
        """
        All is over when the program has ended, and both streams.
        """
        self.assertTrue(Piece(ended=Ended(0, None), out_end=True, err_end=True).is_last)
        self.assertFalse(Piece(ended=Ended(0, None), out_end=True).is_last)
        self.assertFalse(Piece(out_end=True, err_end=True).is_last)
        self.assertTrue(Piece(err=b"x").is_news)
        self.assertFalse(Piece().is_news)

    def test_ended(self) -> None:
        """
        A program ends with a code, or by a signal; on Windows they have 32 bits.
        """
        self.assertEqual(ended(255, None), Ended(255, None))
        self.assertEqual(ended(None, 9, True), Ended(None, 9, True))
        self.assertEqual(ended(1, 9), Ended(None, 9))
        self.assertEqual(ended(None, 0xC0000005), Ended(None, 0xC0000005))
        self.assertEqual(ended(-1, None), Ended(-1, None))
        for code, signal in ((None, None), (2**32, None), (-(2**31) - 1, None), (None, 2**63)):
            with self.assertRaises(Misfit):
                ended(code, signal)
