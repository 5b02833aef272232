"""Whether a text is base64."""

from base64 import b64encode
from importlib.util import find_spec
from unittest import SkipTest

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.wire import _base64
from txqga.wire._base64 import _STEP, surely_base64
from txqga.wire._encode import encode
from txqga.wire._json import with_stdlib
from txqga.wire._literals import string

#: What may stand in a string that is no base64.
ODD = ["", '"', "\\", "\x01", "\u00e4", "=", " "]


class SurelyBase64Tests(SynchronousTestCase):
    def setUp(self) -> None:
        if find_spec("pybase64") is None:
            raise SkipTest("pybase64 is not installed")

    def test_base64(self) -> None:
        """
        It is, however long.
        """
        for octets in (0, 1, 2, 3, _STEP, 3 * _STEP + 1):
            self.assertTrue(surely_base64(b64encode(bytes(octets))), octets)

    def test_others(self) -> None:
        """
        What needs an escape, is not ASCII, or ends too early, is not.
        """
        text = b64encode(bytes(3 * _STEP))
        for odd in (b'"', b"\\", b"\n", b"\x00", b"\xff", b" "):
            for place in (0, _STEP - 1, _STEP, len(text) - 1):
                other = text[:place] + odd + text[place + 1 :]
                self.assertFalse(surely_base64(other), (odd, place))
        self.assertFalse(surely_base64(text[:-1]))

    def test_nothing_to_check_with(self) -> None:
        """
        Where nothing checks it fast, nothing is known.
        """
        self.patch(_base64, "pybase64", None)
        self.assertFalse(surely_base64(b"AAAA"))

    @given(st.integers(0, 60_000), st.sampled_from(ODD), st.data())
    def test_strings(self, octets: int, odd: str, data: st.DataObject) -> None:
        """
        A long string is the same whichever way it is read and written.
        """
        text = b64encode(bytes(octets)).decode()
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + odd + text[place:]
        token = encode(text)
        self.assertEqual(with_stdlib(token), text)
        self.assertEqual(string(token), text)
