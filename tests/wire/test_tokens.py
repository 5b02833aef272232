"""Octets to tokens, wherever the octets are cut."""

from collections.abc import Iterable

from hypothesis import given
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import cut, cuts, garbage, one_by_one, patient
from txqga.wire import JSON
from txqga.wire._tokens import FAULT, SENTINEL, STRING, VALUE, Tokens, string_end


def read(pieces: Iterable[bytes]) -> list[tuple[int, JSON]]:
    """Read the tokens of octets in pieces."""
    tokens, found = Tokens(), []
    for piece in pieces:
        pos = 0
        while (token := tokens.read(piece, pos)) is not None:
            kind, value, _, pos = token
            found.append((kind, value))
    return found


class TokensTests(SynchronousTestCase):
    def check(self, text: bytes, *expected: tuple[int, JSON]) -> None:
        for pieces in ([text], one_by_one(text)):
            self.assertEqual(read(pieces), [*expected], text)

    def test_marks(self) -> None:
        """
        Brackets, commas and colons are tokens of one octet; blanks are none.
        """
        self.check(b" {\t} [\r\n],:", *((octet, None) for octet in b"{}[],:"))

    def test_values(self) -> None:
        """
        A number or a keyword ends where the next octet cannot continue it.
        """
        self.check(b"12 ", (VALUE, 12))
        self.check(b"12", *())
        self.check(b"null5{", (VALUE, None), (VALUE, 5), (0x7B, None))
        self.check(b"-1.5e3,true]", (VALUE, -1500.0), (0x2C, None), (VALUE, True), (0x5D, None))

    def test_strings(self) -> None:
        """
        A string ends at its own quote, wherever its escapes are cut.
        """
        self.check(b'"a\'b"', (STRING, "a'b"))
        self.check(b"'a\"b'", (STRING, 'a"b'))
        self.check(rb'"\\\"\\" ', (STRING, '\\"\\'))
        self.check(b'"%b"' % (b"x" * 1000), (STRING, "x" * 1000))
        self.check(b'"a', *())

    def test_faults(self) -> None:
        """
        What is no token is a fault; a string that its line ends is one, a keyword unknown too.
        """
        for text in (b"%", b"nil ", b"01 ", b'"a\n', b'"a\\\n', b'"\\q"', b"\xfe", b"\0", b"N"):
            self.assertEqual([kind for kind, _ in read([text])], [FAULT], text)
            self.assertEqual([kind for kind, _ in read(one_by_one(text))], [FAULT], text)

    def test_sentinel(self) -> None:
        """
        0xFF is a token wherever it stands, and drops the string it stands in.
        """
        self.check(b"\xff", (SENTINEL, None))
        self.check(b'"abc\xff5 ', (SENTINEL, None), (VALUE, 5))
        self.check(b'"abc\\\xff5 ', (SENTINEL, None), (VALUE, 5))
        self.check(b"12\xff", (VALUE, 12), (SENTINEL, None))

    def test_position(self) -> None:
        """
        A token knows where it lies in the octets that finished it.
        """
        tokens = Tokens()
        self.assertEqual(tokens.read(b"  true,", 1), (VALUE, True, 2, 6))
        self.assertEqual(tokens.read(b', "ab', 1), None)
        self.assertEqual(tokens.open_string, (b'"', False))
        self.assertEqual(tokens.read(b'cd" ', 0), (STRING, "abcd", 0, 3))
        self.assertEqual(tokens.open_string, (b"", False))

    def test_reset(self) -> None:
        """
        An unfinished token can be forgotten.
        """
        for begun in (b'"abc', b'"abc\\', b"12", b"nu"):
            tokens = Tokens()
            tokens.read(begun, 0)
            tokens.reset()
            self.assertEqual(tokens.read(b"{", 0), (0x7B, None, 0, 1))

    @patient
    @given(garbage, cuts)
    def test_cuts(self, text: bytes, where: list[int]) -> None:
        """
        Where octets are cut makes no difference to the tokens.
        """
        self.assertEqual(read([text]), read(cut(text, where)))


class StringEndTests(SynchronousTestCase):
    def test_quote(self) -> None:
        """
        A string ends at a quote of its kind that has no backslash before it, or a pair of them.
        """
        self.assertEqual(string_end(b"a'\"", 0, b'"', False), (2, False))
        self.assertEqual(string_end(b'\\"a\\\\"b"', 0, b'"', False), (5, False))
        self.assertEqual(string_end(b'"a"', 0, b'"', True), (2, False))

    def test_cut_off(self) -> None:
        """
        Where the octets end first, a last backslash is remembered.
        """
        self.assertEqual(string_end(b"ab", 0, b'"', False), (2, False))
        self.assertEqual(string_end(b"ab\\", 0, b'"', False), (3, True))
        self.assertEqual(string_end(b"ab\\\\", 0, b'"', False), (4, False))
        self.assertEqual(string_end(b"\\", 0, b'"', True), (1, False))

    def test_bad_end(self) -> None:
        """
        A newline and 0xFF end it too, escaped or not.
        """
        for octet in (b"\n", b"\xff"):
            self.assertEqual(string_end(b"a" + octet + b'"', 0, b'"', False), (1, False))
            self.assertEqual(string_end(b"a\\" + octet + b'"', 0, b'"', False), (2, False))
            self.assertEqual(string_end(octet + b'"', 0, b'"', True), (0, False))
