"""Octets kept until more come."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import patient
from txqga.wire._pieces import Pieces


class PiecesTests(SynchronousTestCase):
    @patient
    @given(st.lists(st.binary(min_size=1), max_size=20), st.sampled_from([1, 99, 1000]))
    def test_order(self, octets: list[bytes], times: int) -> None:
        """
        What was put in comes out, in its order, and once.
        """
        pieces = Pieces()
        for each in octets * times:
            pieces.append(each)
        whole = b"".join(octets * times)
        self.assertEqual(bool(pieces), bool(whole))
        head = pieces.head()
        self.assertTrue(whole.startswith(head) and len(head) >= min(64, len(whole)))
        self.assertEqual(pieces.take(), whole)
        self.assertFalse(pieces)
        self.assertEqual(pieces.take(), b"")

    def test_trickle(self) -> None:
        """
        Octets that come one by one take hardly more memory than they would at once.
        """
        pieces = Pieces()
        tracemalloc.start()
        try:
            for _ in range(100_000):
                pieces.append(bytes([120, 120]))
            used = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        self.assertTrue(used < 400_000, used)

    def test_clear(self) -> None:
        """
        What was put in can be dropped.
        """
        pieces = Pieces()
        for _ in range(2000):
            pieces.append(b"x")
        pieces.clear()
        self.assertEqual(pieces.take(), b"")
