"""A program that is followed."""

from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed, ProgramLost
from txqga.exec import Way
from txqga.exec._following import Following
from txqga.exec._output import ROOM
from txqga.exec._piece import Ended, Piece

END = Ended(0, None)


class Said:
    """A program that says what the test wants, one piece for each question."""

    way, pid, name, longest_pause, has_clock, in_offset = Way.WHOLE, 1, "1", 1.0, False, None

    def __init__(self, *pieces: Piece | Exception) -> None:
        self.pieces = list(pieces)
        self.rooms: list[tuple[int, int]] = []
        self.released = 0

    async def read(self, out_room: int, err_room: int) -> Piece:
        self.rooms.append((out_room, err_room))
        piece = self.pieces.pop(0) if self.pieces else Piece()
        if isinstance(piece, Exception):
            raise piece
        return piece

    async def write(self, offset: int, data: bytes, end: bool) -> tuple[int, bool]:
        raise NotImplementedError

    async def signal(self, name: str) -> None:
        raise NotImplementedError

    async def detach(self) -> None:
        pass

    async def release(self) -> None:
        self.released += 1


class FollowingTests(SynchronousTestCase):
    def follow(self, *pieces: Piece | Exception) -> Following:
        self.clock = Clock()
        self.said = Said(*pieces)
        self.sent: Deferred[None] = Deferred()
        self.sent.callback(None)
        self.broken = 0
        return Following(self.clock, self.said, quiet=lambda: self.sent, broken=self._broke)

    def _broke(self) -> None:
        self.broken += 1

    def test_at_once(self) -> None:
        """
        A program that has ended already is told of whole, also to who listens only then.
        """
        following = self.follow(Piece(out=b"x", out_end=True, err_end=True, ended=END))
        heard: list[bytes] = []
        following.listen(following.stdout, heard.append)
        following.begin()
        self.assertTrue(self.successResultOf(following.when_over()).ok)
        self.assertEqual((heard, self.said.released), ([b"x"], 1))

    def test_pieces(self) -> None:
        """
        As long as something comes it is asked for at once, and else after a while.
        """
        following = self.follow(Piece(out=b"1"), Piece(err=b"2"), Piece(again=True), Piece())
        following.begin()
        self.assertEqual(len(self.said.rooms), 4)
        self.assertEqual(self.said.rooms[3], (ROOM - 1, ROOM - 1))
        self.clock.advance(1.0)
        self.assertEqual(len(self.said.rooms), 5)
        following.give_up(CancelledError())
        self.failureResultOf(following.when_over(), CancelledError)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_given_up_by_reader(self) -> None:
        """
        Who is told something may want no more in that moment.
        """
        following = self.follow(Piece(), Piece(out=b"1"), Piece(out=b"2"))
        reading = following.stdout.read()
        reading.addCallback(lambda octets: following.give_up(CancelledError()))
        self.clock.advance(1.0)
        self.successResultOf(reading)
        self.assertEqual(len(self.said.rooms), 2)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_lost(self) -> None:
        """
        What cannot be known any more is told to who waits, and to who reads.
        """
        following = self.follow(ProgramLost("1", "gone"))
        waiting, reading = following.when_over(), following.stdout.read()
        self.failureResultOf(waiting, ProgramLost)
        self.failureResultOf(reading, ProgramLost)
        following.begin()
        self.assertEqual(len(self.said.rooms), 1)

    def test_late(self) -> None:
        """
        Of a program that has ended, and whose streams have not, what is there is told.
        """
        following = self.follow(Piece(out=b"x", err_end=True, ended=END))
        following.begin()
        waiting = following.when_over()
        self.said.pieces.append(Piece(err_end=True, ended=END))
        following.is_late = True
        self.clock.advance(1.0)
        done = self.successResultOf(waiting)
        self.assertEqual((done.out_truncated, done.err_truncated), (True, False))
        self.assertEqual(self.successResultOf(following.stdout.read()), b"x")

    def test_quiet(self) -> None:
        """
        A program is released when nothing is on its way to it.
        """
        following = self.follow(Piece(out_end=True, err_end=True, ended=END))
        self.sent = Deferred()
        following.begin()
        waiting = following.when_over()
        self.assertEqual(self.said.released, 0)
        self.sent.callback(None)
        self.successResultOf(waiting)
        self.assertEqual(self.said.released, 1)

    def test_not_released(self) -> None:
        """
        What cannot be released is still a program that has ended.
        """

        async def refused() -> None:
            raise CommandFailed("no")

        following = self.follow(Piece(out_end=True, err_end=True, ended=END))
        release: Any = refused
        self.said.release = release  # type: ignore[method-assign]
        following.begin()
        self.assertTrue(self.successResultOf(following.when_over()).ok)

    def test_broken(self) -> None:
        """
        What a listener raises is what became of the program, once that has ended.
        """
        following = self.follow(Piece(out=b"x"))
        following.listen(following.stdout, lambda octets: 1 // 0)
        following.begin()
        self.assertEqual(self.broken, 1)
        waiting = following.when_over()
        self.said.pieces.append(Piece(out_end=True, err_end=True, ended=END))
        self.clock.advance(1.0)
        self.failureResultOf(waiting, ZeroDivisionError)
