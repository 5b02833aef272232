"""A program that is run before guests are frozen, and once they are thawed."""

from collections.abc import Mapping, Sequence

from twisted.internet.error import ProcessDone, ProcessExitedAlready, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import HookFailed
from txqga.fsfreeze._hook import LAST_WORDS, SAID, Hook, Running


class Process:
    """A process that ends when the test says so."""

    pid = 1234

    def __init__(self) -> None:
        self.signals: list[str] = []
        self.gone = False

    def signalProcess(self, name: str) -> None:
        if self.gone:
            raise ProcessExitedAlready
        self.signals.append(name)

    def loseConnection(self) -> None:
        self.gone = True


class Reactor(Clock):
    """Starts processes in name only."""

    bare = False  #: nothing can be started

    def spawnProcess(
        self, running: Running, path: str, argv: Sequence[str], env: Mapping[str, str]
    ) -> None:
        if self.bare:
            raise FileNotFoundError(2, "No such file or directory")
        self.running = running
        self.spawned = (path, argv, env["TXQGA_GUESTS"])
        self.process = Process()
        running.makeConnection(self.process)  # type: ignore[no-untyped-call]


class HookTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.groups: list[tuple[int, int]] = []
        self.hook = Hook(["/bin/quiet", "-v"], seconds=10, kill_group=self.kill_group)
        self.ended = self.hook.run(self.reactor, "freeze", ["db1", "web1"])

    def kill_group(self, group: int, signal: int) -> None:
        self.groups.append((group, signal))

    def end(self, status: int | None, signal: int | None = None) -> None:
        how = ProcessDone(0) if status == 0 else ProcessTerminated(status, signal)
        self.reactor.running.processExited(Failure(how))
        self.reactor.running.processEnded(Failure(how))

    def test_done(self) -> None:
        """
        It is told what it is for, and about whom, and is waited for.
        """
        self.assertEqual(
            self.reactor.spawned, ("setsid", ["setsid", "/bin/quiet", "-v", "freeze"], "db1 web1")
        )
        self.assertNoResult(self.ended)
        self.end(0)
        self.assertIsNone(self.successResultOf(self.ended))
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_fails(self) -> None:
        """
        If it fails, what it said is told; not more than a little of it.
        """
        self.reactor.running.outReceived(b"no ")
        self.reactor.running.errReceived(b"room\n" + b" " * 2 * SAID + b"x")
        self.end(3)
        why = self.failureResultOf(self.ended, HookFailed).value
        self.assertEqual(str(why), "/bin/quiet -v freeze: exit status 3: no room")

    def test_dies(self) -> None:
        """
        If a signal ends it, that is told.
        """
        self.end(None, 15)
        why = self.failureResultOf(self.ended, HookFailed).value
        self.assertEqual(why.desc, "signal 15")

    def test_not_there(self) -> None:
        """
        If nothing can be started, that is told.
        """
        self.end(0)
        self.reactor.bare = True
        ended = Hook(["/bin/quiet"]).run(self.reactor, "freeze", [])
        why = self.failureResultOf(ended, HookFailed).value
        self.assertEqual(why.desc, "setsid cannot be run: No such file or directory")
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_hangs(self) -> None:
        """
        If it takes too long it is killed, with all that it has started.
        """
        self.reactor.advance(10)
        self.assertEqual(self.groups, [(1234, 9)])
        self.assertEqual(self.reactor.process.signals, ["KILL"])
        self.end(None, 9)
        why = self.failureResultOf(self.ended, HookFailed).value
        self.assertEqual(why.desc, "it was killed, having run for 10 s")

    def test_no_limit(self) -> None:
        """
        One that may take as long as it likes is not killed, but when nobody waits for it.
        """
        self.end(0)
        ended = Hook(["/bin/quiet"], seconds=None, kill_group=self.kill_group).run(
            self.reactor, "freeze", []
        )
        self.assertEqual(self.reactor.getDelayedCalls(), [])
        self.reactor.advance(10_000.5)
        self.assertEqual(self.groups, [])
        ended.cancel()
        self.assertEqual(self.groups, [(1234, 9)])
        self.failureResultOf(ended)

    def test_children(self) -> None:
        """
        A child of it that goes on with its output is not waited for.
        """
        self.reactor.running.processExited(Failure(ProcessDone(0)))
        self.assertFalse(self.reactor.process.gone)
        self.reactor.advance(LAST_WORDS)
        self.assertTrue(self.reactor.process.gone)

    def test_cancelled(self) -> None:
        """
        If nobody waits for it any more it is killed, with all that it has started.
        """
        self.ended.cancel()
        self.failureResultOf(self.ended)
        self.assertEqual((self.groups, self.reactor.process.signals), ([(1234, 9)], ["KILL"]))
        self.end(None, 9)
