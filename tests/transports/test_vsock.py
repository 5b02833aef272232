"""
Addresses between host and guest.

Sockets are made by ``tests/functional/test_vsock.py``.
"""

from twisted.trial.unittest import SynchronousTestCase

from txqga.transports import ANY_CID, parse_vsock


class ParseTests(SynchronousTestCase):
    def fails(self, text: str, why: str) -> None:
        with self.assertRaises(ValueError) as caught:
            parse_vsock(text)
        self.assertEqual(str(caught.exception), why)

    def test_address(self) -> None:
        """
        An address is two numbers of 32 bits with a colon between them.
        """
        self.assertEqual(parse_vsock("3:1024"), (3, 1024))
        self.assertEqual(parse_vsock("4294967295:4294967295"), (ANY_CID, ANY_CID))
        self.assertEqual(parse_vsock("0:0"), (0, 0))

    def test_halves(self) -> None:
        """
        Half an address is none, in qemu-ga's words.
        """
        for text in ("", "3", ":", "3:", ":3", "c" * 33 + ":1"):
            self.fails(text, f"error parsing address '{text}'")

    def test_trailing(self) -> None:
        """
        Nothing may follow.
        """
        for text in ("3:4,", "3:4,cid=5", "3:" + "1" * 33):
            self.fails(text, f"trailing characters in address '{text}'")

    def test_numbers(self) -> None:
        """
        What is no number of 32 bits is told by its name.
        """
        for text, why in (
            ("x:1", "Failed to parse cid 'x'"),
            ("-1:1", "Failed to parse cid '-1'"),
            ("4294967296:1", "Failed to parse cid '4294967296'"),
            ("x:y", "Failed to parse cid 'x'"),
            ("1:y", "Failed to parse port 'y'"),
            ("1:2:3", "Failed to parse port '2:3'"),
            ("1:4294967296", "Failed to parse port '4294967296'"),
            ("1:²", "Failed to parse port '²'"),
        ):
            self.fails(text, why)
