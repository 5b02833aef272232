"""A program of a guest, followed at a terminal."""

from typing import Any

from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._exits import Exit
from txqga.cli._program import PATIENCE, follow, not_started, status_of
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, ProgramLost
from txqga.exec import Result, Way


def result(exit_code: int | None = 0, signal: int | None = None, timed_out: bool = False) -> Result:
    """What became of a program."""
    return Result(exit_code=exit_code, signal=signal, timed_out=timed_out, way=Way.STREAMED)


class FakeInput:
    """What a program reads: two pieces at most."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def write(self, data: bytes) -> Deferred[bool]:
        self.got.append(data)
        return succeed(len(self.got) < 3)

    def close(self) -> Deferred[bool]:
        self.got.append(b"")
        return succeed(True)


class FakeRunning:
    """A program that runs."""

    def __init__(self) -> None:
        self.over: Deferred[Result] = Deferred()
        self.stdin = FakeInput()
        self.log: list[str] = []
        self.refuses = False

    def wait(self) -> Deferred[Result]:
        return self.over

    def interrupt(self) -> Deferred[None]:
        self.log.append("int")
        return fail(CommandNotFound("there is no such signal")) if self.refuses else succeed(None)

    def kill(self) -> Deferred[None]:
        self.log.append("kill")
        return succeed(None)


class FakeStdin:
    """What is typed."""

    def __init__(self, *typed: bytes) -> None:
        self.typed = list(typed)
        self.waiting: list[Deferred[bytes]] = []
        self.let_go: list[bool] = []

    def read(self) -> Deferred[bytes]:
        if self.typed:
            return succeed(self.typed.pop(0))
        self.waiting.append(Deferred(lambda _: self.let_go.append(True)))
        return self.waiting[-1]


class FollowTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.running = FakeRunning()

    def follow(self, stdin: Any = None) -> Deferred[Result]:
        return Deferred.fromCoroutine(follow(self.clock, self.running, stdin))  # type: ignore[arg-type]

    def test_end(self) -> None:
        """
        A program that has ended is told, and one that is lost.
        """
        following = self.follow()
        self.running.over.callback(result(3))
        self.assertEqual(self.successResultOf(following), result(3))
        self.running.over = fail(ProgramLost("7", "it is gone"))
        self.failureResultOf(self.follow(), ProgramLost)

    def test_input(self) -> None:
        """
        What is typed is written until its end, or until nobody reads it.
        """
        self.follow(FakeStdin(b"a", b""))
        self.assertEqual(self.running.stdin.got, [b"a", b""])
        self.running = FakeRunning()
        stdin = FakeStdin(b"a", b"b", b"c", b"d")
        self.follow(stdin)
        self.assertEqual((self.running.stdin.got, stdin.typed), ([b"a", b"b", b"c"], [b"d"]))

    def test_input_is_let_go(self) -> None:
        """
        Nothing more is read when the program has ended.
        """
        stdin = FakeStdin()
        following = self.follow(stdin)
        self.running.over.callback(result())
        self.successResultOf(following)
        self.assertEqual(stdin.let_go, [True])

    def test_interrupted(self) -> None:
        """
        Ctrl-C interrupts the program, and is over when that is.
        """
        following = self.follow()
        following.cancel()
        self.assertNoResult(following)
        self.running.over.callback(result(None, 2))
        self.failureResultOf(following, CancelledError)
        self.clock.advance(PATIENCE)
        self.assertEqual(self.running.log, ["int"])

    def test_killed(self) -> None:
        """
        A program that does not mind is killed after a while; one that cannot be told, at once.
        """
        for self.running.refuses in (False, True):
            following = self.follow()
            following.cancel()
            self.clock.advance(PATIENCE)
            self.assertEqual(self.running.log[:2], ["int", "kill"])
            self.running.over.errback(ProgramLost("7", "it is gone"))
            self.failureResultOf(following, CancelledError)
            self.running = FakeRunning()

    def test_status(self) -> None:
        """
        How a program has ended is an exit status.
        """
        for given, status in (
            (result(7), 7),
            (result(None, 9), 137),
            (result(None, 9, True), 124),
            (result(0xC0000005), 255),
            (result(-1), 255),
        ):
            self.assertEqual(status_of(given), status)

    def test_not_started(self) -> None:
        """
        A program that did not run has exit statuses that say why.
        """
        for words, status in (
            ("Failed to execute child process “x” (No such file or directory)", 127),
            ("nonesuch: not found", 127),
            ("x: Permission denied", 126),
            ("no memory", 125),
            ("Failed to change to directory “/x” (No such file or directory)", 125),
        ):
            told = not_started(CommandFailed(words, "guest-exec"))
            self.assertEqual(told and told.exit, status)
        for why in (CommandNotFound("it has not been found"), AgentUnavailable("absent", "")):
            told = not_started(why)
            self.assertEqual(told and told.exit, Exit.OURS)
        for other in (KeyError(), BrokenPipeError()):
            self.assertIs(not_started(other), None)
