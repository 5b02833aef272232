"""What a program says, on its way to who listens."""

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import ProgramLost
from txqga.exec._output import ROOM, Output


class OutputTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.output = Output()

    def test_read(self) -> None:
        """
        What has come is read, what has not is waited for, and then comes the end.
        """
        self.output.feed(b"ab")
        self.output.feed(b"c")
        self.assertEqual(self.successResultOf(self.output.read()), b"abc")
        reading = self.output.read()
        self.output.feed(b"")
        self.assertNoResult(reading)
        self.output.feed(b"d")
        self.assertEqual(self.successResultOf(reading), b"d")
        reading = self.output.read()
        self.output.finish()
        self.output.finish()
        self.assertEqual(self.successResultOf(reading), b"")
        self.assertEqual(self.successResultOf(self.output.read()), b"")

    def test_iterated(self) -> None:
        """
        It can be gone through as anything that comes bit by bit.
        """
        seen: list[bytes] = []

        async def through() -> None:
            async for octets in self.output:
                seen.append(octets)

        going = Deferred.fromCoroutine(through())
        for octets in (b"1", b"2", b"3"):
            self.output.feed(octets)
        self.assertNoResult(going)
        self.output.finish()
        self.successResultOf(going)
        self.assertEqual(seen, [b"1", b"2", b"3"])

    def test_room(self) -> None:
        """
        What nobody reads fills it; and when it is read there is room again, which is told.
        """
        told: list[int] = []
        self.output.on_room = lambda: told.append(self.output.room)
        self.output.feed(bytes(ROOM - 1))
        self.assertEqual(self.output.room, 1)
        self.output.feed(bytes(5))
        self.assertEqual(self.output.room, 0)
        self.successResultOf(self.output.read())
        self.assertEqual(told, [ROOM])

    def test_dropped(self) -> None:
        """
        What nobody wants takes no room.
        """
        self.output.feed(b"abc")
        self.output.drop()
        self.output.feed(b"def")
        self.assertEqual(self.output.room, ROOM)
        self.output.finish()
        self.assertEqual(self.successResultOf(self.output.read()), b"")

    def test_lost(self) -> None:
        """
        Who reads is told why nothing more comes, after what has come.
        """
        self.output.feed(b"abc")
        self.output.finish(Failure(ProgramLost("1", "gone")))
        self.assertEqual(self.successResultOf(self.output.read()), b"abc")
        self.failureResultOf(self.output.read(), ProgramLost)
        other = Output()
        reading = other.read()
        other.finish(Failure(ProgramLost("1", "gone")))
        self.failureResultOf(reading, ProgramLost)

    def test_one_reader(self) -> None:
        """
        Two readers at once are a mistake; one that gives up makes room for another.
        """
        reading = self.output.read()
        with self.assertRaises(RuntimeError):
            self.output.read()
        reading.cancel()
        self.failureResultOf(reading, CancelledError)
        reading = self.output.read()
        self.output.feed(b"x")
        self.assertEqual(self.successResultOf(reading), b"x")
