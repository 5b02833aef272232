"""Counting marks in long texts."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.wire._marks import few


class FewTests(SynchronousTestCase):
    @given(st.binary(), st.sets(st.sampled_from([b"[", b"{", b",", b"\0"])), st.integers(0, 5))
    def test_few(self, octets: bytes, marks: set[bytes], most: int) -> None:
        """
        There are few marks if, counted all together, they are not more than that.
        """
        self.assertEqual(few(octets, marks, most), sum(map(octets.count, marks)) <= most)

    def test_together(self) -> None:
        """
        Marks of every kind count.
        """
        self.assertTrue(few(b"x" * 99 + b"[,[,", [b"[", b","], 4))
        self.assertFalse(few(b"x" * 99 + b"[,[,", [b"[", b","], 3))
