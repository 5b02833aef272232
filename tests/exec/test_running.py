"""A program that runs in the guest."""

from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import FailTest

from tests.exec._case import ExecCase, Job
from txqga.errors import CommandFailed, NotKilled
from txqga.exec._output import ROOM
from txqga.exec._running import GRACE


class RunningTests(ExecCase):
    def setUp(self) -> None:
        self.streamed()
        self.successResultOf(self.exec.ways())

    def start(self, **options: Any) -> Any:
        running = self.successResultOf(self.exec.start("make", **options))
        self.job: Job = self.guest.job
        return running

    def test_waits(self) -> None:
        """
        Whoever waits is told the same, before and after.
        """
        running = self.start()
        waits = [running.wait(), running.wait()]
        self.assertIs(running.result, None)
        self.job.err += b"unread"
        self.job.end(2)
        self.later()
        results = [self.successResultOf(each) for each in (*waits, running.wait())]
        self.assertEqual([each.exit_code for each in results], [2, 2, 2])
        self.assertEqual(running.result, results[0])
        self.assertEqual(self.guest.jobs, {})  # released
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_slow_reader(self) -> None:
        """
        A program is not read faster than who reads it, and all arrives.
        """
        running = self.start()
        reading = running.stdout.read()
        said = bytes(range(256)) * (ROOM // 64)  # four times as much as is kept
        self.job.out += said
        self.job.err += b"other"
        self.job.end()
        self.later()
        got = self.successResultOf(reading)
        self.assertLess(max(self.job.told), 2 * ROOM)
        while octets := self._next(running):
            got += octets
        self.assertTrue(got == said)
        self.assertEqual(self.successResultOf(running.stderr.read()), b"other")
        self.assertTrue(self.successResultOf(running.wait()).ok)

    def _next(self, running: Any) -> bytes:
        reading = running.stdout.read()
        self.later()
        return self.successResultOf(reading)  # type: ignore[no-any-return]

    def test_slow_listener(self) -> None:
        """
        A listener that asks for time is given it.
        """
        heard: list[bytes] = []
        done: Deferred[None] = Deferred()

        def listen(octets: bytes) -> Deferred[None]:
            heard.append(octets)
            return done

        running = self.start(stdout=listen)
        waiting = running.wait()
        self.job.out += b"a"
        self.later()
        self.job.out += b"b"
        self.job.end()
        self.later()
        self.assertEqual(heard, [b"a"])
        self.assertNoResult(waiting)
        done.callback(None)
        self.later()
        self.assertEqual(heard, [b"a", b"b"])
        self.successResultOf(waiting)

    def test_broken_listener(self) -> None:
        """
        What a listener raises ends the program, and is told.
        """

        def listen(octets: bytes) -> None:
            raise ZeroDivisionError

        running = self.start(stdout=listen)
        self.job.out += b"a"
        waiting = running.wait()
        self.later()
        self.failureResultOf(waiting, ZeroDivisionError)
        self.assertEqual(self.job.signals, ["kill"])

    def test_cancelled(self) -> None:
        """
        Waiting that is cancelled kills, and is over when the program is gone.
        """
        running = self.start()
        waiting = running.wait()
        waiting.cancel()
        self.later()
        self.failureResultOf(waiting, CancelledError)
        self.assertEqual(self.job.signals, ["kill"])
        self.assertEqual(self.guest.jobs, {})

    def test_detached(self) -> None:
        """
        A detached program outlives who waits for it.
        """
        running = self.start(detached=True)
        waiting = running.wait()
        waiting.cancel()
        self.failureResultOf(waiting, CancelledError)
        self.assertEqual(self.job.signals, [])
        running.let_go()
        self.assertEqual(list(self.guest.jobs), ["job100"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_not_followed(self) -> None:
        """
        A detached program is left to who wants its end, until somebody here does.
        """
        running = self.start(detached=True)
        self.later()
        self.assertEqual(self.job.told, [])
        reading = running.stdout.read()
        self.job.out += b"x"
        self.later()
        self.assertEqual(self.successResultOf(reading), b"x")
        running.let_go()
        self.failureResultOf(running.stdout.read(), CancelledError)
        self.failureResultOf(running.wait(), CancelledError)

    def test_left_alone(self) -> None:
        """
        A detached program is let go.
        """
        running = self.start(detached=True)

        async def inside() -> None:
            async with running:
                pass

        self.successResultOf(self.coming(inside()))
        self.assertEqual(self.job.signals, [])
        self.failureResultOf(running.wait(), CancelledError)

    def test_left(self) -> None:
        """
        A program whose block was left is killed.
        """
        running = self.start()

        async def inside() -> None:
            async with running:
                raise FailTest("left")

        leaving = self.coming(inside())
        self.later()
        self.failureResultOf(leaving, FailTest)
        self.assertEqual(self.job.signals, ["kill"])

    def test_interrupted(self) -> None:
        """
        The first Ctrl-C is the program's, the second one kills it.
        """
        running = self.start()
        self.successResultOf(running.interrupt())
        self.assertEqual(self.job.signals, ["int"])
        self.successResultOf(running.interrupt())
        self.assertEqual(self.job.signals, ["int", "kill"])
        self.later()
        self.successResultOf(running.interrupt())
        self.assertEqual(self.job.signals, ["int", "kill"])
        self.assertRaises(ValueError, running.signal, "segv")

    def test_time_out(self) -> None:
        """
        An agent that does not keep its own time-out is helped.
        """
        running = self.start(time_out=3)
        waiting = running.wait()
        self.later(3 + GRACE - 1)
        self.assertEqual(self.job.signals, [])
        self.later(5.0)
        done = self.successResultOf(waiting)
        self.assertEqual((done.timed_out, done.signal), (True, 9))

    def test_immortal(self) -> None:
        """
        What does not end when it is killed is given up, and that is told.
        """
        running = self.start(time_out=3)
        self.job.mortal = False
        waiting = running.wait()
        self.later(3 + 3 * GRACE)
        self.failureResultOf(waiting, NotKilled)
        self.failureResultOf(running.stdout.read(), NotKilled)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_not_killed(self) -> None:
        """
        Why a program was not killed is told.
        """
        running = self.start(time_out=3)
        self.guest.answer("txqga-exec-signal", CommandFailed("not allowed"))
        waiting = running.wait()
        self.later(3 + 3 * GRACE)
        self.assertIn("not allowed", str(self.failureResultOf(waiting, NotKilled).value))

    def test_input(self) -> None:
        """
        What a program is to read is written, whatever it says meanwhile.
        """
        running = self.start(input=b"abc")
        self.later()
        self.assertEqual((bytes(self.job.input), self.job.closed), (b"abc", True))
        self.assertIs(running.stdin, None)
        running = self.start(input=b"abc", stdin=True)
        self.successResultOf(running.stdin.write(b"d", end=True))
        self.assertEqual((bytes(self.job.input), self.job.closed), (b"abcd", True))

    def test_endless(self) -> None:
        """
        A program that never stops talking is read bit by bit, and others have their turn.
        """
        counted: list[int] = []
        running = self.start(stdout=lambda octets: counted.append(len(octets)))
        self.job.out += bytes(10 * ROOM)
        self.later()
        self.assertEqual(sum(counted), 10 * ROOM)
        self.assertLessEqual(max(counted), 256 * 1024)
        running.let_go()
