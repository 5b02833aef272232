"""Octets in base64."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import Misfit
from txqga.files import _base64
from txqga.files._base64 import decode, encode


class Base64Tests(SynchronousTestCase):
    def test_there_and_back(self) -> None:
        """
        What is encoded is decoded to what it was, with the standard library and without.
        """
        for octets in (b"", b"a", b"ab", b"abc", bytes(range(256)) * 100):
            self.assertEqual(decode("x", encode(octets), len(octets)), octets)
            self.assertEqual(_base64._encode_with_stdlib(octets), encode(octets))

    def test_misfits(self) -> None:
        """
        What is no base64, or more than was asked for, is refused.
        """
        for text, most, why in (
            (None, 5, "string expected"),
            (7, 5, "string expected"),
            ("*AAA", 5, "it is no base64"),
            ("AAA", 5, "it is no base64"),
            ("AAé=", 5, "it is no base64"),
            ("AAAA", 2, "3 octets came where 2 were asked for"),
        ):
            failed = self.assertRaises(Misfit, decode, "buf-b64", text, most)
            self.assertEqual(str(failed), f"buf-b64: {why}")
