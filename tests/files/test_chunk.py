"""How much is asked for at a time."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.files._chunk import LEAST, MOST, QUICK, SLOW, Chunk


class ChunkTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.chunk = Chunk(self.clock)
        self.chunk.begin()

    def pieces(self, count: int, seconds: float) -> list[int]:
        sizes = []
        for _ in range(count):
            self.clock.advance(seconds)
            self.chunk.came(self.chunk.octets)
            sizes.append(self.chunk.octets)
        return sizes

    def test_quick(self) -> None:
        """
        Pieces grow as long as they are quick, up to what fits into a line.
        """
        first = self.chunk.octets
        self.assertEqual(self.pieces(10, QUICK / 2)[:2], [2 * first, 4 * first])
        self.assertEqual(self.chunk.octets, MOST)
        self.assertLess(MOST * 4 / 3, 10 << 20)

    def test_slow(self) -> None:
        """
        Pieces shrink when others would wait for long, and stay as they are in between.
        """
        first = self.chunk.octets
        self.assertEqual(self.pieces(3, (QUICK + SLOW) / 2), [first] * 3)
        self.assertEqual(self.pieces(10, 2 * SLOW)[-1], LEAST)

    def test_pause(self) -> None:
        """
        A pause that we make is not held against the guest; nor does a short piece tell anything.
        """
        first = self.chunk.octets
        self.clock.advance(10)
        self.chunk.begin()
        self.chunk.came(first - 1)
        self.assertEqual(self.chunk.octets, first)
        self.chunk.came(first)
        self.assertEqual(self.chunk.octets, 2 * first)
