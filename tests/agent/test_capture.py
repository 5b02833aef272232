"""What is kept of a program's output."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._capture import KEPT, Capture


class CaptureTests(SynchronousTestCase):
    @given(st.lists(st.binary(max_size=6)), st.integers(0, 20))
    def test_beginning_is_kept(self, pieces: list[bytes], limit: int) -> None:
        """
        What comes first is kept, up to the limit; whether anything was dropped is known.
        """
        capture = Capture(limit)
        for piece in pieces:
            capture.add(piece)
        whole = b"".join(pieces)
        self.assertEqual(bytes(capture.data), whole[:limit])
        self.assertEqual(capture.truncated, len(whole) > limit)

    def test_limit(self) -> None:
        """
        16 MiB of each stream are kept.
        """
        self.assertEqual(Capture().limit, 16777216)
        self.assertEqual(KEPT, 16777216)
