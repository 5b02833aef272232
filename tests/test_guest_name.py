"""What guests can be called."""

from twisted.trial.unittest import SynchronousTestCase

from txqga._guest_name import NAME


class GuestNameTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        A name is good for a file and for a part of an address: it begins with a letter or digit.
        """
        for name in ("a", "7", "db-1.example", "a_b", "x" * 64):
            self.assertTrue(NAME.fullmatch(name), name)
        for name in ("", ".", "..", "-a", "a/b", "a b", "é", "a\n", "x" * 65):
            self.assertFalse(NAME.fullmatch(name), name)
