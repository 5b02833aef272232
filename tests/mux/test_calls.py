"""Running a command."""

from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._jobs import make
from tests.mux._session import ScriptedSession
from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    FencedOff,
    OutcomeUnknown,
)
from txqga.mux._calls import Calls
from txqga.mux._caps import Caps
from txqga.mux._custody import Custody
from txqga.mux._handles import Handle, Kind
from txqga.mux._job import Job
from txqga.mux._presence import Presence
from txqga.mux._reads import Reads
from txqga.schema import shipped
from txqga.session import State
from txqga.wire import JSON

A = Handle(Kind.FILE, 1000)


class CallsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.session.ready()
        self.clock = self.session.clock
        self.presence = Presence(self.clock, self.session)
        self.reads = Reads(shipped())
        self.released: list[str] = []
        self.custody = Custody(self.clock, self.release)
        self.calls = Calls(
            self.clock,
            self.session,
            shipped(),
            Caps(),
            self.presence,
            self.reads,
            self.custody,
        )

    def release(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.released.append(command)
        return Deferred()

    def run_job(self, job: Job) -> tuple[Deferred[JSON], Deferred[None]]:
        return job.wait(), self.calls.run(job)

    def test_answered(self) -> None:
        """
        The agent's answer goes to those who wait, and then the agent is free.
        """
        waiting, over = self.run_job(make("guest-get-time"))
        self.assertNoResult(over)
        self.session.answer(5)
        self.assertEqual(self.successResultOf(waiting), 5)
        self.successResultOf(over)

    def test_counted(self) -> None:
        """
        What became of commands is counted; names that nobody knows are one.
        """
        for name in ("guest-get-time", "x-1", "x-2"):
            waiting, _ = self.run_job(make(name))
            self.session.answer(5)
            self.successResultOf(waiting)
        waiting, _ = self.run_job(make("guest-exec"))
        self.session.lose()
        self.failureResultOf(waiting, OutcomeUnknown)
        counted = {
            ("guest-get-time", "answered"): 1,
            ("other", "answered"): 2,
            ("guest-exec", "unknown"): 1,
        }
        self.assertEqual(self.calls.figures.outcomes, counted)

    def test_cap(self) -> None:
        """
        The agent has as long as the kind of command may take, and may be silent for as long.
        """
        for command, cap in (("guest-fsfreeze-freeze", 3600), ("guest-get-time", 600)):
            self.run_job(make(command))
            self.assertEqual(self.session.calls[-1].cap, cap)
            self.assertEqual(self.session.calls[-1].deadline, cap)

    def test_through(self) -> None:
        """
        What a command goes through decides whether and when it is sent, and what is answered.
        """
        sends: list[Callable[[], Deferred[JSON]]] = []
        decided: Deferred[JSON] = Deferred()

        def through(send: Callable[[], Deferred[JSON]]) -> Deferred[JSON]:
            sends.append(send)
            return decided

        job = make("guest-fsfreeze-freeze")
        job.through = through
        waiting, over = self.run_job(job)
        self.assertEqual(self.session.asked, [])
        sends[0]()
        self.assertEqual(self.session.asked, ["guest-fsfreeze-freeze"])
        self.assertNoResult(over)
        decided.callback(3)
        self.assertEqual(self.successResultOf(waiting), 3)
        self.successResultOf(over)

    def test_refused(self) -> None:
        """
        The agent's refusal goes to those who wait, as it is.
        """
        for error in (CommandFailed("no"), CommandNotFound("never heard of it")):
            waiting, over = self.run_job(make())
            self.session.refuse(error)
            self.assertEqual(repr(self.failureResultOf(waiting).value), repr(error))
            self.successResultOf(over)

    def test_unknown(self) -> None:
        """
        So does it that the outcome is unknown; the agent is free, for the session says so.
        """
        waiting, over = self.run_job(make())
        self.session.lose("no reply in 600 s")
        self.failureResultOf(waiting, OutcomeUnknown)
        self.successResultOf(over)

    def test_not_at_once(self) -> None:
        """
        What fails at once is over a moment later, or a long queue would fail inside itself.
        """
        self.session.tell(State.ABSENT, "no such file")
        waiting, over = self.run_job(make())
        self.failureResultOf(waiting, AgentUnavailable)
        self.assertNoResult(over)
        self.clock.advance(0)
        self.successResultOf(over)

    def test_bug(self) -> None:
        """
        What cannot be explained is logged, told to those who wait, and over.
        """
        waiting, over = self.run_job(make())
        self.session.refuse(ZeroDivisionError())
        self.assertIn("its log", str(self.failureResultOf(waiting, CommandFailed).value))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.successResultOf(over)

    def test_bug_on_the_way(self) -> None:
        """
        So is what goes wrong before anything is sent: no guest is lost with it.
        """

        def through(send: Callable[[], Deferred[JSON]]) -> Deferred[JSON]:
            raise ZeroDivisionError

        job = make()
        job.through = through
        waiting, over = self.run_job(job)
        self.failureResultOf(waiting, CommandFailed)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.clock.advance(0)
        self.successResultOf(over)

    def test_kept_result(self) -> None:
        """
        A result that the mux has kept is told without asking the agent.
        """
        job = make("guest-exec")
        job.wait()
        self.custody.answered(job, {"pid": 77})
        self.custody.answered(make("guest-exec-status", pid=77), {"exited": True})
        waiting, over = self.run_job(make("guest-exec-status", pid=77))
        self.assertEqual(self.successResultOf(waiting), {"exited": True})
        self.assertEqual(self.session.asked, [])
        self.clock.advance(0)
        self.successResultOf(over)

    def opened(self) -> None:
        self.run_job(make("guest-file-open", path="/x"))
        self.session.answer(1000)
        self.assertTrue(self.custody.may_use("ann", A))

    def test_opened(self) -> None:
        """
        A file belongs to whoever opened it; one that nobody waits for is closed.
        """
        self.opened()
        self.calls.run(make("guest-file-open", path="/x"))
        self.session.answer(1001)
        self.assertEqual(self.released, ["guest-file-close"])

    def test_opened_late(self) -> None:
        """
        A file whose number comes too late is closed.
        """
        self.run_job(make("guest-file-open", path="/x"))[0].addErrback(lambda _: None)
        outcome = self.session.lose()
        outcome.late(1000)
        self.assertEqual(self.released, ["guest-file-close"])

    def test_close_refused(self) -> None:
        """
        A file that the agent could not close is no more; one that it was not asked to close, for
        the arguments were wrong or the agent is frozen, still is.
        """
        for close, error, there in (
            (make("guest-file-close", handle=1000), CommandFailed("no space"), False),
            (make("guest-file-close", handle=1000, x=1), CommandFailed("unexpected"), True),
            (make("guest-file-close", handle=1000), CommandNotFound("not while frozen"), True),
            (make("guest-file-close", handle=1000), FencedOff("too late"), True),
        ):
            self.opened()
            self.run_job(close)[0].addErrback(lambda _: None)
            self.session.refuse(error)
            self.assertEqual(self.custody.may_use("ann", A), there)

    def test_presence(self) -> None:
        """
        While a command runs, a sync knows.
        """
        self.run_job(make("guest-fstrim"))
        self.clock.advance(60)
        sync = self.presence.sync()
        self.assertNoResult(sync)
        self.session.answer({})
        self.successResultOf(sync)

    def test_equal_reads(self) -> None:
        """
        A read can be joined until it is answered, and not any more when those who waited hear.
        """
        job = make("guest-get-osinfo")
        job.key = key = ("guest-get-osinfo", b"{}")
        self.reads.add(job)
        waiting, _ = self.run_job(job)
        waiting.addCallback(lambda _: self.reads.get(key))
        self.assertIs(self.reads.get(key), job)
        self.session.answer({})
        self.assertIsNone(self.successResultOf(waiting))
