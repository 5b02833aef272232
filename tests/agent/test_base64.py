"""Base64 by GLib's lenient rules."""

import base64
import string
import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent import _base64
from txqga.errors import CommandFailed

DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
VALUES = {"=": 0, **{digit: value for value, digit in enumerate(DIGITS)}}


def slow_decode(text: str) -> bytes:
    """GLib's rules, one after the other, to compare with."""
    decoded = bytearray()
    digits = text.replace("\n", "")
    for start in range(0, len(digits) - 3, 4):
        group = digits[start : start + 4]
        value = 0
        for digit in group:
            value = value << 6 | VALUES[digit]
        decoded.append(value >> 16)
        if group[2] != "=":
            decoded.append(value >> 8 & 255)
        if group[3] != "=":
            decoded.append(value & 255)
    return bytes(decoded)


def without_pybase64() -> ModuleType:
    """The module as it is where there is no pybase64."""
    spec = find_spec("txqga.agent._base64")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    found = sys.modules.get("pybase64")
    sys.modules["pybase64"] = None  # type: ignore[assignment]
    try:
        spec.loader.exec_module(module)
    finally:
        if found is None:
            del sys.modules["pybase64"]
        else:
            sys.modules["pybase64"] = found
    return module


BOTH = (_base64, without_pybase64())


def encode(data: bytes | memoryview) -> bytes:
    """Encode with pybase64, where it is, and without, to the same end."""
    one, other = (module.encode(data) for module in BOTH)
    assert one == other, (one, other)
    assert isinstance(one, bytes)
    return one


def decode(text: str) -> bytes:
    """Decode with pybase64, where it is, and without, to the same end."""
    found: list[bytes | CommandFailed] = []
    for module in BOTH:
        try:
            found.append(module.decode(text))
        except CommandFailed as why:
            found.append(why)
    one, other = found
    if isinstance(one, CommandFailed):
        assert isinstance(other, CommandFailed), other
        raise one
    assert one == other, (one, other)
    return one


class Base64Tests(SynchronousTestCase):
    def test_lenient(self) -> None:
        """
        Padding may be missing or stand anywhere, and lines may be broken.
        """
        for text, expected in {
            "": b"",
            "YWJj": b"abc",
            "YWI=": b"ab",
            "YQ==": b"a",
            "YWJjZA": b"abc",
            "YWJjZ": b"abc",
            "Y": b"",
            "YQ=": b"",
            "=": b"",
            "==": b"",
            "====": b"\0",
            "YQ==YQ==": b"aa",
            "YWJj====YWJj": b"abc\0abc",
            "YW=J": b"a\t",
            "Y=JJ": b"`\x02I",
            "=WJj": b"\x01bc",
            "YW\nJj\n": b"abc",
            "\nY\nQ\n=\n=\n": b"a",
            "YWJjYQ==\n": b"abca",
        }.items():
            self.assertEqual(decode(text), expected, text)
            self.assertEqual(slow_decode(text), expected, text)

    def test_refused(self) -> None:
        """
        Anything else than digits, padding and line feeds is refused, wherever it stands.
        """
        for wrong in (" ", "\r", "\t", "-", "_", "*", ".", "\0", "\x7f", "é", "Ж", "\U0001f600"):
            for text in (
                wrong,
                f"YWJj{wrong}",
                f"{wrong}YWJj",
                f"YW{wrong}Jj",
                f"YWJ{wrong}",
                f"YQ=={wrong}",
                f"Y{wrong}==",
                f"YW{wrong}Jj{wrong}",
                f"YWJj{wrong * 4}",
                f"YW{wrong * 4}Jj",
            ):
                with self.assertRaises(CommandFailed, msg=repr(text)) as caught:
                    decode(text)
                self.assertEqual(caught.exception.desc, "Base64 data contains invalid characters")

    @given(st.text("AQYZaz09+/=\n"))
    @example("AAAA=AAA")
    @example("AAA=AAAA")
    def test_any_digits(self, text: str) -> None:
        """
        Whatever the digits are, the result is that of the rules.
        """
        self.assertEqual(decode(text), slow_decode(text))

    @given(st.text("AZ=\n *", min_size=1))
    def test_any_fault(self, text: str) -> None:
        """
        No wrong character is overlooked.
        """
        if set(text) & set(" *"):
            self.assertRaises(CommandFailed, decode, text)
        else:
            self.assertEqual(decode(text), slow_decode(text))

    @given(st.binary())
    def test_round_trip(self, data: bytes) -> None:
        """
        What we send is standard base64 in one line, and what we read back is the same.
        """
        encoded = encode(data)
        self.assertEqual(encoded, base64.b64encode(data))
        self.assertEqual(decode(encoded.decode()), data)

    def test_buffers(self) -> None:
        """
        Whatever holds octets can be encoded, without a copy of it.
        """
        self.assertEqual(encode(memoryview(bytearray(b"abc"))[1:]), b"YmM=")

    def test_large(self) -> None:
        """
        Large data comes through, in one line or in many.
        """
        data = bytes(range(256)) * 4000
        one, many = base64.b64encode(data).decode(), base64.encodebytes(data).decode()
        self.assertEqual(decode(one), data)
        self.assertEqual(decode(many), data)
        self.assertEqual(decode(one + "====" + one), data + b"\0" + data)
