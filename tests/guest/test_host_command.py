"""A command of this host, as work that is done while guests hold still."""

from collections.abc import Mapping, Sequence

from twisted.internet.defer import CancelledError
from twisted.internet.error import ProcessDone, ProcessExitedAlready, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.guest._host_command import PATIENCE, HostCommand, Running


class Process:
    """A process that ends when the test says so."""

    def __init__(self) -> None:
        self.signals: list[str] = []
        self.gone = False

    def signalProcess(self, name: str) -> None:
        if self.gone:
            raise ProcessExitedAlready
        self.signals.append(name)


class Reactor(Clock):
    """Starts processes in name only."""

    refuses = False

    def spawnProcess(
        self,
        running: Running,
        path: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        childFDs: Mapping[int, int],
    ) -> None:
        if self.refuses:
            raise PermissionError(13, "Permission denied")
        self.running = running
        self.spawned = (path, argv, env.get("A"), childFDs)
        self.process = Process()
        running.makeConnection(self.process)  # type: ignore[no-untyped-call]


class HostCommandTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.command = HostCommand(self.reactor, ["sh", "-c", "x"], {"A": "b", "PATH": "/bin"})

    def end(self, status: int | None, signal: int | None = None) -> None:
        self.reactor.process.gone = True
        how = ProcessDone(0) if status == 0 else ProcessTerminated(status, signal)
        self.reactor.running.processEnded(Failure(how))

    def test_done(self) -> None:
        """
        It is found in PATH, has our input and output, and tells how it ended.
        """
        for status, signal, told in [(0, None, 0), (3, None, 3), (None, 15, 143)]:
            ended = self.command()
            self.assertNoResult(ended)
            self.end(status, signal)
            self.assertEqual(self.successResultOf(ended), told)
        self.assertEqual(
            self.reactor.spawned, ("/bin/sh", ["sh", "-c", "x"], "b", {0: 0, 1: 1, 2: 2})
        )

    def test_cannot_start(self) -> None:
        """
        What is not there, or cannot be started, is an error.
        """
        nowhere = HostCommand(self.reactor, ["no-such-command"])
        self.failureResultOf(nowhere(), FileNotFoundError)
        self.reactor.refuses = True
        self.failureResultOf(self.command(), PermissionError)

    def test_cancelled(self) -> None:
        """
        Cancelled, it is told to end, and killed if it does not.
        """
        ended = self.command()
        ended.cancel()
        self.failureResultOf(ended, CancelledError)
        self.assertEqual(self.reactor.process.signals, ["TERM"])
        self.reactor.advance(PATIENCE)
        self.assertEqual(self.reactor.process.signals, ["TERM", "KILL"])
        self.end(None, 9)

    def test_ends_when_told(self) -> None:
        """
        One that ends when it is told to is not killed.
        """
        ended = self.command()
        ended.cancel()
        self.failureResultOf(ended, CancelledError)
        self.end(0)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_has_ended_already(self) -> None:
        """
        To cancel one that has just ended does no harm.
        """
        ended = self.command()
        self.reactor.process.gone = True
        ended.cancel()
        self.failureResultOf(ended, CancelledError)
        self.end(0)
