"""Crossing the rest of a faulty request."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import cut, cuts, one_by_one, patient
from txqga.wire._skip import Rest


def cross(rest: Rest, pieces: list[bytes]) -> bytes | None:
    """Cross octets in pieces; return what stands behind the rest, None if it does not end."""
    for number, piece in enumerate(pieces):
        pos, ended = rest.cross(piece, 0)
        if ended:
            return piece[pos:] + b"".join(pieces[number + 1 :])
        assert pos == len(piece)
    return None


class RestTests(SynchronousTestCase):
    def check(self, depth: int, text: bytes, behind: bytes | None, fresh: bool = False) -> None:
        for pieces in ([text], one_by_one(text)):
            self.assertEqual(cross(Rest(depth, fresh), pieces), behind, text)

    def test_balance(self) -> None:
        """
        The rest ends where its brackets balance, of whatever kind they are.
        """
        self.check(1, b"x}y", b"y")
        self.check(1, b"[{]]]y", b"y")
        self.check(3, b"}]}y", b"y")
        self.check(2, b"}", None)

    def test_strings(self) -> None:
        """
        Brackets in strings are none.
        """
        self.check(1, b"\"}\" '}' '\\'}' \"\\\\\" }y", b"y")
        self.check(0, b"'{' [", b"[")

    def test_line(self) -> None:
        """
        The rest ends where a line begins with a brace, whatever is open.
        """
        self.check(9, b"x\n \t{y", b"{y")
        self.check(9, b'"x\n{y', b"{y")
        self.check(9, b"\n\n\r\n{y", b"{y")
        self.check(9, b" {y", b"{y", fresh=True)
        self.check(9, b" x{y", None, fresh=True)
        self.check(9, b"x\n[y\nx{", None)

    def test_no_brackets(self) -> None:
        """
        What is in no brackets ends with its line, or where brackets open.
        """
        self.check(0, b"x\ny", b"y")
        self.check(0, b"x }:, {y", b"{y")
        self.check(0, b"x }:, [y", b"[y")

    def test_sentinel(self) -> None:
        """
        0xFF ends the rest anywhere.
        """
        self.check(9, b"x\xffy", b"y")
        self.check(0, b"\xff", b"")
        self.check(9, b'"x\xffy', b"y")
        self.check(9, b'"x\\\xffy', b"y")

    def test_open_string(self) -> None:
        """
        A string that was open before is crossed first.
        """
        self.assertEqual(Rest(1, False, b"'").cross(b"}'}y", 0), (3, True))
        self.assertEqual(Rest(1, False, b"'", True).cross(b"'}'}y", 0), (4, True))

    @patient
    @given(
        st.lists(
            st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"'", b"\\", b"\n", b"\xff", b"x"])
        ).map(b"".join),
        st.integers(0, 5),
        cuts,
    )
    def test_cuts(self, text: bytes, depth: int, where: list[int]) -> None:
        """
        Where octets are cut makes no difference.
        """
        whole = cross(Rest(depth), [text])
        self.assertEqual(cross(Rest(depth), cut(text, where)), whole)
        self.assertEqual(cross(Rest(depth), one_by_one(text)), whole)
