"""What a program reads from its standard input."""

import os

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._feed import Feed
from txqga.errors import CommandFailed


class FeedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reads, writes = os.pipe()
        self.feed = Feed(writes)
        self.addCleanup(self.feed.close)
        self.addCleanup(self.enough)

    def read(self, count: int = 1 << 20) -> bytes:
        return os.read(self.reads, count)

    def enough(self) -> None:
        """The program reads no more."""
        if self.reads >= 0:
            os.close(self.reads)
            self.reads = -1

    def test_write(self) -> None:
        """
        What is written is read, one after the other.
        """
        self.feed.write(0, b"abc", last=False)
        self.feed.write(3, b"def", last=False)
        self.assertEqual((self.read(), self.feed.offset), (b"abcdef", 6))
        self.assertFalse(self.feed.closed)

    def test_repeated(self) -> None:
        """
        What was taken already is passed over: a write whose reply was lost can be repeated.
        """
        self.feed.write(0, b"abc", last=False)
        self.feed.write(0, b"abc", last=False)
        self.feed.write(1, b"bcde", last=False)
        self.assertEqual((self.read(), self.feed.offset), (b"abcde", 5))

    def test_negative(self) -> None:
        """
        An offset before the beginning is refused, and takes nothing.
        """
        with self.assertRaises(CommandFailed) as caught:
            self.feed.write(-2, b"abc", last=False)
        self.assertEqual(caught.exception.desc, "value '-2' is invalid for argument offset")
        self.assertEqual(self.feed.offset, 0)

    def test_gap(self) -> None:
        """
        What would leave a gap is refused.
        """
        self.feed.write(0, b"abc", last=False)
        with self.assertRaises(CommandFailed) as caught:
            self.feed.write(4, b"e", last=True)
        self.assertEqual(
            caught.exception.desc, "offset 4 of standard input is too far: 3 octets were taken"
        )
        self.assertEqual((self.read(), self.feed.closed), (b"abc", False))

    def test_last(self) -> None:
        """
        Behind the last octets the program finds the end; that may be said twice.
        """
        for _ in range(2):
            self.feed.write(0, b"abc", last=True)
            self.assertTrue(self.feed.closed)
            self.assertEqual(self.feed.offset, 3)
        self.assertEqual((self.read(), self.read()), (b"abc", b""))

    def test_end_alone(self) -> None:
        """
        The end may come by itself.
        """
        self.feed.write(0, b"abc", last=False)
        self.feed.write(3, b"", last=True)
        self.assertEqual((self.read(), self.read()), (b"abc", b""))

    def test_nothing_after_the_end(self) -> None:
        """
        After the end nothing is taken.
        """
        self.feed.write(0, b"abc", last=True)
        self.feed.write(3, b"def", last=True)
        self.assertEqual(self.feed.offset, 3)

    def test_old_end(self) -> None:
        """
        An end that lies before what was taken is a late one, and not the end.
        """
        self.feed.write(0, b"abc", last=False)
        self.feed.write(0, b"ab", last=True)
        self.assertFalse(self.feed.closed)

    def test_full(self) -> None:
        """
        What there is no room for is not taken, and the end waits for it.
        """
        data = bytes(range(256)) * 4096
        self.feed.write(0, data, last=True)
        self.assertLess(self.feed.offset, len(data))
        self.assertFalse(self.feed.closed)
        got = b""
        while not self.feed.closed:
            got += self.read()
            self.feed.write(self.feed.offset, data[self.feed.offset :], last=True)
        while more := self.read():
            got += more
        self.assertEqual(got, data)

    def test_nobody_reads(self) -> None:
        """
        When nobody reads any more, nothing more is taken, and that is no error.
        """
        self.feed.write(0, b"abc", last=False)
        self.enough()
        self.feed.write(3, b"def", last=False)
        self.assertEqual((self.feed.offset, self.feed.closed), (3, True))
        self.feed.close()

    @given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
    def test_any_order(self, data: bytes, pieces: list[tuple[int, int]]) -> None:
        """
        Whichever writes are repeated, late or early, the program reads each octet once, in order.
        """
        reads, writes = os.pipe()
        feed = Feed(writes)
        try:
            for back, count in pieces:
                start = max(0, feed.offset - back)
                feed.write(start, data[start : start + count], last=False)
            feed.write(0, data, last=True)
            self.assertEqual(feed.offset, len(data))
            self.assertEqual(os.read(reads, 1000), data)
        finally:
            feed.close()
            os.close(reads)
