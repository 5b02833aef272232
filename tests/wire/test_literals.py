"""Strings, numbers and keywords of the dialect."""

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import floats, integers, patient, quoted
from txqga.errors import MalformedJSON
from txqga.wire._literals import keyword, number, stray, string


class StringTests(SynchronousTestCase):
    @patient
    @given(st.text(), st.data())
    def test_any_spelling(self, value: str, data: st.DataObject) -> None:
        """
        A string is the same in either quotes, with whatever escapes.
        """
        self.assertEqual(string(data.draw(quoted(value)).encode()), value)

    @example("😀")
    @given(st.text())
    def test_single_quotes(self, value: str) -> None:
        """
        Within single quotes, double ones need no escape.
        """
        plain = "".join(c for c in value if c > "\x1f" and c not in "'\\") + '"'
        self.assertEqual(string(f"'{plain}'".encode()), plain)

    def test_nul(self) -> None:
        """
        C0 80 is U+0000, as in QEMU's modified UTF-8, and no other overlong form is anything.
        """
        self.assertEqual(string(b'"a\xc0\x80b"'), "a\0b")
        self.assertEqual(string(b'"\\u0000"'), "\0")
        for octets in (b"\xc0\x81", b"\xc1\x81", b"\xe0\x80\x80", b"\xe1\xc0\x80", b"\xc0"):
            self.assertRaises(MalformedJSON, string, b'"%b"' % octets)

    def test_bad(self) -> None:
        """
        What a string must not hold is named in QEMU's words.
        """
        for content, desc in [
            (rb"\q", "invalid escape sequence in string"),
            (rb"\v", "invalid escape sequence in string"),
            (b"\x80", "invalid UTF-8 sequence in string"),
            (b"\xed\xa0\x80", "invalid UTF-8 sequence in string"),
            (b"\xf5\x80\x80\x80", "invalid UTF-8 sequence in string"),
            (rb"\ud800", r"\ud800 is not a valid Unicode character"),
            (rb"\udc00", r"\udc00 is not a valid Unicode character"),
            (rb"\ud800\ud800", r"\ud800 is not a valid Unicode character"),
            (rb"\ud800x", r"\ud800 is not a valid Unicode character"),
            (rb"\u12", r"\u12 is not a valid Unicode character"),
            (rb"\u12 4", r"\u12 4 is not a valid Unicode character"),
            (b"a\tb", "stray '\"a\t'"),
            (b"a\0", "stray '\"a\0'"),
            (b"a\xfe", "stray '\"a\N{REPLACEMENT CHARACTER}'"),
        ]:
            for quote in b"\"'":
                token = b"%c%b%c" % (quote, content, quote)
                fault = self.assertRaises(MalformedJSON, string, token)
                self.assertEqual(str(fault), "JSON parse error, " + desc, token)

    def test_many_escapes(self) -> None:
        """
        A string that is nothing but escapes is read all the same.
        """
        self.assertEqual(string(b"'" + rb"\'\u00e9" * 100_000 + b"'"), "'é" * 100_000)


class NumberTests(SynchronousTestCase):
    @given(integers)
    @example(-(2**63))
    @example(2**64 - 1)
    def test_integers(self, value: int) -> None:
        """
        An integer that 64 bits hold, signed or not, is an integer.
        """
        read = number(str(value).encode())
        self.assertEqual((read, type(read)), (value, int))

    @given(st.one_of(st.integers(max_value=-(2**63) - 1), st.integers(min_value=2**64)))
    @example(2**64)
    @example(-(2**63) - 1)
    def test_beyond(self, value: int) -> None:
        """
        An integer that they do not hold is a float, an infinite one if need be.
        """
        read = number(str(value).encode())
        self.assertEqual((read, type(read)), (float(str(value)), float))

    @given(floats)
    def test_floats(self, value: float) -> None:
        """
        A float is read to the last bit.
        """
        self.assertEqual(repr(number(repr(value).encode())), repr(value))

    def test_zero(self) -> None:
        """
        Zero with a minus is an integer, unless it has a point.
        """
        self.assertEqual(repr(number(b"-0")), "0")
        self.assertEqual(repr(number(b"-0.0")), "-0.0")

    def test_huge(self) -> None:
        """
        A number of many thousand digits is no error, and takes no time.
        """
        self.assertEqual(number(b"9" * 5000), float("inf"))
        self.assertEqual(number(b"-" + b"9" * 1_000_000), -float("inf"))
        self.assertEqual(number(b"0." + b"0" * 1_000_000), 0.0)
        self.assertEqual(number(b"-1e400"), -float("inf"))

    def test_bad(self) -> None:
        """
        What only begins like a number is none.
        """
        for digits in b"01 -01 5. 5.e1 1e 1e+ - -- 1-2 1.2.3 1e2e3 1e2.5 +1 .5 --1 00".split():
            self.assertRaises(MalformedJSON, number, digits)


class KeywordTests(SynchronousTestCase):
    def test_known(self) -> None:
        """
        There are three keywords.
        """
        self.assertIs(keyword(b"true"), True)
        self.assertIs(keyword(b"false"), False)
        self.assertIs(keyword(b"null"), None)

    def test_unknown(self) -> None:
        """
        Another word is named in the error, its beginning at least.
        """
        fault = self.assertRaises(MalformedJSON, keyword, b"nul")
        self.assertEqual(str(fault), "JSON parse error, invalid keyword 'nul'")
        self.assertTrue(len(str(self.assertRaises(MalformedJSON, keyword, b"x" * 999))) < 99)


class StrayTests(SynchronousTestCase):
    def test_any_octets(self) -> None:
        """
        Octets that are not UTF-8 are shown as replacement characters.
        """
        self.assertEqual(str(stray(b"\xef")), "JSON parse error, stray '\N{REPLACEMENT CHARACTER}'")
        self.assertTrue(len(str(stray(b"\xff" * 999))) < 99)
