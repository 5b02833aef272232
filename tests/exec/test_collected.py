"""What a program says, kept as far as was asked for."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.exec._collected import Collected


class CollectedTests(SynchronousTestCase):
    def test_limit(self) -> None:
        """
        Beyond the limit nothing is kept, and that is told.
        """
        kept = Collected(5)
        kept(b"abc")
        kept(b"de")
        self.assertEqual((kept.octets, kept.truncated), (b"abcde", False))
        kept(b"f")
        kept(b"gh")
        self.assertEqual((kept.octets, kept.truncated), (b"abcde", True))
        none = Collected(0)
        none(b"a")
        self.assertEqual((none.octets, none.truncated), (b"", True))
