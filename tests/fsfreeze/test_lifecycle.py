"""The lifecycle of a freeze, state by state, and in any order."""

from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._any_order import AnyOrder
from tests.fsfreeze._bench import Bench, renewal
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, FencedOff, OutcomeUnknown
from txqga.fsfreeze._lease import Stage, Standing
from txqga.fsfreeze._lifecycle import CLOSED, LAPSED, THAWED, Inputs, Lifecycle
from txqga.fsfreeze._wishes import FREEZE, LEASE, STATUS, THAW
from txqga.testing import transitions, unanswered
from txqga.wire import JSON

NO_SUCH = CommandNotFound("The command has not been found")


class TableTests(SynchronousTestCase):
    def test_whole(self) -> None:
        """
        Whatever is wanted, in whatever state, there is an answer.
        """
        self.assertEqual(unanswered(Lifecycle), [])

    def test_only_a_known_end(self) -> None:
        """
        From freezing and frozen, the thawed states are reached by a thaw, or by knowing that no
        thaw is owed.
        """
        ends = {"thawed", "lapsed"}
        moves = {
            (each.state, each.input)
            for each in transitions(Lifecycle)
            if each.next in ends and each.state not in ends
        }
        self.assertEqual(
            moves,
            {
                ("doubtful", "_lapse"),
                ("doubtful", "_over"),
                ("freezing", "_over"),
                ("frozen", "_lapse"),
                ("frozen", "_over"),
                ("thawing", "_lapse"),
                ("thawing", "_over"),
            },
        )

    def test_stop(self) -> None:
        """
        Each state can be stopped, and nothing follows.
        """
        stops = {each.state for each in transitions(Lifecycle) if each.input == "stop"}
        self.assertEqual(stops, {each.state for each in transitions(Lifecycle)})
        after = {each.next for each in transitions(Lifecycle) if each.state == "closed"}
        self.assertEqual(after, {"closed"})


class LifecycleCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.clock, self.agent, self.ledger = (
            self.bench.clock,
            self.bench.agent,
            self.bench.ledger,
        )
        self.core = self.bench.core()
        self.lifecycle: Inputs = Lifecycle(self.core, THAWED)

    @property
    def stage(self) -> Stage:
        return self.core.standing.stage

    def now(self, *commands: str) -> None:
        """What the agent is asked, and has not answered."""
        self.assertEqual([each.command for each in self.agent.waiting], list(commands))

    def freeze(self, seconds: float = 60.0) -> "Deferred[JSON]":
        wish = self.bench.freeze(seconds)
        self.lifecycle.freeze(wish)
        return wish.answer

    def frozen(self, seconds: float = 60.0) -> None:
        """It is frozen, by an agent that has no limit of its own."""
        answer = self.freeze(seconds)
        self.agent.answer(3)
        self.agent.fail(NO_SUCH)
        self.assertEqual(self.successResultOf(answer), 3)
        self.assertIs(self.stage, Stage.FROZEN)

    def thaw(self) -> "Deferred[JSON]":
        wish = self.bench.thaw()
        self.lifecycle.thaw(wish)
        return wish.answer

    def failed(self, answer: "Deferred[JSON]") -> str:
        return str(self.failureResultOf(answer, CommandFailed).value)


class FreezingTests(LifecycleCase):
    def test_written_down_first(self) -> None:
        """
        Nothing is sent before the lease is on disk, and nobody is told before it says frozen.
        """
        self.ledger.slow = True
        answer = self.freeze()
        self.now()
        self.ledger.writing.popleft().callback(None)
        self.now(FREEZE)
        self.agent.answer(3)
        self.assertNoResult(answer)
        self.ledger.writing.popleft().callback(None)
        self.assertEqual(self.successResultOf(answer), 3)
        self.assertEqual(self.ledger.stages, ["freezing", "frozen"])

    def test_cannot_be_written(self) -> None:
        """
        Without a ledger nothing is frozen, and the reason is told.
        """
        self.ledger.slow = True
        answer = self.freeze()
        self.ledger.writing.popleft().errback(OSError("No space left on device"))
        self.now()
        why = self.failureResultOf(answer, AgentUnavailable).value
        self.assertIn("No space left on device", str(why))
        self.assertIs(self.stage, Stage.THAWED)

    def test_frozen_cannot_be_written(self) -> None:
        """
        Where the disk is full in the middle, the guest is frozen all the same, for its lease.
        """
        self.ledger.slow = True
        answer = self.freeze()
        self.ledger.writing.popleft().callback(None)
        self.agent.answer(3)
        self.ledger.writing.popleft().errback(OSError("No space left on device"))
        self.assertEqual(self.successResultOf(answer), 3)
        self.assertIs(self.stage, Stage.FROZEN)

    def test_never_ran(self) -> None:
        """
        A freeze that the agent does not know, or that was not written, owes no thaw.
        """
        for error in (NO_SUCH, FencedOff("too late"), AgentUnavailable("absent", "no such file")):
            answer = self.freeze()
            self.agent.fail(error)
            self.failureResultOf(answer, type(error))
            self.now()
            self.assertIs(self.stage, Stage.THAWED)

    def test_refused(self) -> None:
        """
        A freeze that failed may be half done: a thaw is asked for.
        """
        answer = self.freeze()
        self.agent.fail(CommandFailed("failed to freeze /: Input/output error"))
        self.assertIn("Input/output error", self.failed(answer))
        self.now(THAW)
        self.agent.answer(1)
        self.assertIs(self.stage, Stage.THAWED)

    def test_unknown(self) -> None:
        """
        A freeze without an answer may be done: thaws are asked for until one is answered.
        """
        answer = self.freeze()
        self.agent.lose()
        self.failureResultOf(answer, OutcomeUnknown)
        self.now(THAW)
        self.agent.lose()
        self.now()
        self.clock.advance(1)
        self.now(STATUS)
        self.agent.answer("frozen")
        self.now(THAW)
        self.agent.answer(3)
        self.assertIs(self.stage, Stage.THAWED)

    def test_nothing_to_freeze(self) -> None:
        """
        Where nothing was frozen a thaw runs the hook that was run the other way.
        """
        answer = self.freeze()
        self.agent.answer(0)
        self.assertEqual(self.successResultOf(answer), 0)
        self.now(THAW)
        self.agent.answer(0)
        self.assertIs(self.stage, Stage.THAWED)

    def test_too_long(self) -> None:
        """
        A freeze that takes longer than its lease is undone at once, and who asked is told.
        """
        answer = self.freeze(60)
        self.clock.advance(61)
        self.agent.answer(3)
        self.assertIn("its lease of 60 s has run out", self.failed(answer))
        self.now(THAW)

    def test_thaw_meanwhile(self) -> None:
        """
        Whoever thaws while the freeze is under way does not thaw too early.
        """
        frozen, thawed = self.freeze(), self.thaw()
        self.now(FREEZE)
        self.agent.answer(3)
        self.now(THAW)
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(frozen), 3)
        self.assertEqual(self.successResultOf(thawed), 3)
        self.assertIs(self.stage, Stage.THAWED)

    def test_thaw_of_what_never_ran(self) -> None:
        """
        A thaw that waited is sent also where the freeze never ran.
        """
        frozen, thawed = self.freeze(), self.thaw()
        self.agent.fail(NO_SUCH)
        self.failureResultOf(frozen, CommandNotFound)
        self.now(THAW)
        self.agent.answer(0)
        self.assertEqual(self.successResultOf(thawed), 0)

    def test_released(self) -> None:
        """
        A guest that must not stay frozen is thawed as soon as it is.
        """
        answer = self.freeze()
        self.lifecycle.release("the mux is stopping")
        self.now(FREEZE)
        self.agent.answer(3)
        self.assertIn("the mux is stopping", self.failed(answer))
        self.now(THAW)

    def test_another(self) -> None:
        """
        There is one freeze at a time.
        """
        self.freeze()
        answer = self.freeze()
        self.assertIn("ann freezes it", str(self.failureResultOf(answer, CommandNotFound).value))
        self.lifecycle.found(True)
        self.lifecycle.ready()
        self.now(FREEZE)

    def test_stop(self) -> None:
        """
        Who waits when it all stops is told; what is on disk is for the next process.
        """
        answer = self.freeze()
        self.lifecycle.stop()
        self.failureResultOf(answer, AgentUnavailable)
        self.agent.answer(3)
        self.now()
        self.assertEqual(self.ledger.stages, ["freezing"])


class FrozenTests(LifecycleCase):
    def setUp(self) -> None:
        super().setUp()
        self.frozen(60)

    def test_time_up(self) -> None:
        """
        A guest that nobody thaws is thawed when its lease runs out, and the next one who thaws it
        learns that it did not stay frozen.
        """
        self.clock.advance(59)
        self.now()
        self.clock.advance(1)
        self.now(THAW)
        self.agent.answer(3)
        self.assertIs(self.stage, Stage.LAPSED)
        answer = self.thaw()
        self.agent.answer(0)
        self.assertEqual(
            self.failed(answer),
            "guest-fsfreeze-thaw: thawed by the host after 60 s (its lease of 60 s has run out): "
            "the snapshot may be inconsistent",
        )
        again = self.thaw()
        self.agent.answer(0)
        self.assertEqual(self.successResultOf(again), 0)
        self.assertEqual(self.ledger.stages, ["freezing", "frozen", "thawing", "lapsed", "thawed"])

    def test_thaw(self) -> None:
        """
        A thaw ends the lease.
        """
        answer = self.thaw()
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(answer), 3)
        self.assertIs(self.stage, Stage.THAWED)
        self.clock.advance(100)
        self.now()

    def test_thaw_refused(self) -> None:
        """
        A thaw that failed is asked for again, unless the guest says that it is thawed.
        """
        answer = self.thaw()
        self.agent.fail(CommandFailed("the hook failed"))
        self.assertIn("the hook failed", self.failed(answer))
        self.assertIs(self.stage, Stage.THAWING)
        self.clock.advance(1)
        self.agent.answer("thawed")
        self.now()
        self.assertIs(self.stage, Stage.THAWED)

    def test_thaw_while_thawing(self) -> None:
        """
        Whoever thaws while the host tries to is told that it is too late.
        """
        self.clock.advance(60)
        self.agent.lose()
        answer = self.thaw()
        self.agent.answer(3)
        self.assertIn("may be inconsistent", self.failed(answer))
        self.assertIs(self.stage, Stage.THAWED)
        self.clock.advance(100)
        self.now()

    def test_agent_away(self) -> None:
        """
        Where the agent is away when the time is up, it is asked as soon as it is back.
        """
        self.clock.advance(60)
        self.agent.fail(AgentUnavailable("absent", "no such file"))
        self.lifecycle.ready()
        self.clock.advance(0)
        self.now(STATUS)
        self.agent.answer("thawed")  # it was booted meanwhile
        self.assertIs(self.stage, Stage.LAPSED)

    def test_found_while_thawing(self) -> None:
        """
        What the guest says on a new connection counts, while it is to be thawed.
        """
        self.clock.advance(60)
        self.agent.lose()
        self.lifecycle.found(True)
        self.clock.advance(0)
        self.now(STATUS)
        self.lifecycle.found(False)
        self.now()
        self.assertIs(self.stage, Stage.LAPSED)

    def test_renew(self) -> None:
        """
        A lease that is renewed ends later, and that is on disk first.
        """
        self.ledger.slow = True
        self.clock.advance(50)
        wish = renewal(60)
        self.lifecycle.renew(wish)
        self.assertNoResult(wish.answer)
        self.ledger.writing.popleft().callback(None)
        self.assertEqual(self.successResultOf(wish.answer), 60)
        self.assertEqual(self.ledger.notes[-1].lease.deadline, 110)
        self.clock.advance(59)
        self.now()
        self.clock.advance(1)
        self.now(THAW)

    def test_renewed_too_late(self) -> None:
        """
        A renewal that is on disk when the time is up already is none.
        """
        self.ledger.slow = True
        self.clock.advance(50)
        wish = renewal(60)
        self.lifecycle.renew(wish)
        self.lifecycle.release("the mux is stopping")
        for each in self.ledger.writing:
            each.callback(None)
        self.failureResultOf(wish.answer, CommandFailed)
        self.now(THAW)

    def test_release(self) -> None:
        """
        A guest is thawed before its time where it must be.
        """
        self.lifecycle.release("the mux is stopping")
        self.now(THAW)
        self.agent.answer(3)
        self.assertIs(self.stage, Stage.LAPSED)
        self.assertIn("the mux is stopping", self.core.standing.reason)

    def test_found(self) -> None:
        """
        A guest that says it is thawed is; whoever froze it learns of that.
        """
        self.lifecycle.found(True)
        self.assertIs(self.stage, Stage.FROZEN)
        self.lifecycle.found(False)
        self.assertIs(self.stage, Stage.LAPSED)
        self.clock.advance(100)
        self.now()

    def test_another(self) -> None:
        """
        A frozen guest is not frozen again.
        """
        answer = self.freeze()
        why = self.failureResultOf(answer, CommandNotFound).value
        self.assertIn("the guest is frozen: ann has frozen it", str(why))
        self.now()

    def test_stop(self) -> None:
        """
        A lifecycle that stops leaves the guest to the ledger.
        """
        self.lifecycle.stop()
        self.clock.advance(100)
        self.now()
        self.assertEqual(self.ledger.stages, ["freezing", "frozen"])


class LimitTests(LifecycleCase):
    def begin(self, seconds: float) -> None:
        self.freeze(seconds)
        self.agent.answer(3)
        self.now(LEASE)

    def test_never_past_the_guests_own(self) -> None:
        """
        Where the guest thaws by itself before the lease ends, the lease ends then.
        """
        self.begin(600)
        self.agent.answer({"seconds": 100})
        self.clock.advance(50)
        self.now(LEASE)  # renewed in good time
        self.agent.lose()
        for _ in range(49):
            self.clock.advance(1)
            self.now(LEASE)
            self.agent.lose()
        self.clock.advance(1)
        self.assertIs(self.stage, Stage.THAWING)
        self.now(THAW)
        self.agent.answer(3)
        self.assertIn("the guest's own limit runs out", self.core.standing.reason)

    def test_renewed(self) -> None:
        """
        The guest's own limit is renewed for as long as the lease lasts.
        """
        self.begin(600)
        for _ in range(10):
            self.agent.answer({"seconds": 100})
            self.clock.advance(50)
            self.now(LEASE)
        self.agent.answer({"seconds": 100})
        self.clock.advance(99)
        self.assertIs(self.stage, Stage.FROZEN)
        self.clock.advance(1)
        self.assertIs(self.stage, Stage.THAWING)

    def test_thawed_by_itself(self) -> None:
        """
        A guest that refuses because it has thawed by itself is found out.
        """
        self.begin(600)
        self.agent.fail(CommandFailed("not frozen"))
        self.now(STATUS)
        self.agent.answer("thawed")
        self.assertIs(self.stage, Stage.LAPSED)
        self.clock.advance(1000)
        self.now()

    def test_renewed_with_the_lease(self) -> None:
        """
        A renewed lease renews the guest's limit, too.
        """
        self.begin(60)
        self.agent.answer({"seconds": 60})
        self.clock.advance(30)
        self.lifecycle.renew(renewal(60))
        self.now(LEASE)
        self.assertEqual(self.agent.waiting[0].arguments, {"seconds": 60})
        self.agent.answer({"seconds": 60})
        self.clock.advance(59)
        self.assertIs(self.stage, Stage.FROZEN)


class ThawedTests(LifecycleCase):
    def test_thaw(self) -> None:
        """
        A guest may always be thawed: somebody else may have frozen it.
        """
        answer = self.thaw()
        self.agent.answer(2)
        self.assertEqual(self.successResultOf(answer), 2)
        self.agent.asked.clear()
        answer = self.thaw()
        self.agent.fail(CommandFailed("no"))
        self.failed(answer)

    def test_adopted(self) -> None:
        """
        A guest that is found frozen gets a lease, and is thawed at its end.
        """
        for state in (THAWED, LAPSED):
            self.setUp()
            self.lifecycle = Lifecycle(self.core, state)
            self.lifecycle.found(False)
            self.assertEqual(self.ledger.stages, [])
            self.lifecycle.found(True)
            self.agent.fail(NO_SUCH)
            self.assertIs(self.stage, Stage.FROZEN)
            self.clock.advance(300)
            self.now(THAW)

    def test_adopted_and_thawed(self) -> None:
        """
        A thaw that was under way when it was found frozen ends that lease.
        """
        answer = self.thaw()
        self.lifecycle.found(True)
        self.agent.answer(2)
        self.assertEqual(self.successResultOf(answer), 2)
        self.assertIs(self.stage, Stage.THAWED)

    def test_no_lease(self) -> None:
        """
        What is not frozen has no lease to renew.
        """
        wish = renewal(60)
        self.lifecycle.renew(wish)
        self.assertIn(
            "no lease to renew", str(self.failureResultOf(wish.answer, CommandFailed).value)
        )
        self.lifecycle.release("why not")
        self.lifecycle.ready()
        self.now()

    def test_lapsed_frozen_anew(self) -> None:
        """
        Whoever freezes anew is not told of what was before.
        """
        self.lifecycle = Lifecycle(self.core, LAPSED)
        self.frozen()
        answer = self.thaw()
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(answer), 3)

    def test_lapsed_thaw_refused(self) -> None:
        """
        A thaw that failed tells nobody: the next one does.
        """
        self.lifecycle = Lifecycle(self.core, LAPSED)
        answer = self.thaw()
        self.agent.lose()
        self.failureResultOf(answer, OutcomeUnknown)
        answer = self.thaw()
        self.agent.answer(0)
        self.failed(answer)
        self.assertIs(self.stage, Stage.THAWED)

    def test_lapsed_told_by_the_guest(self) -> None:
        """
        A guest that says itself that it did not stay frozen has told enough.
        """
        self.lifecycle = Lifecycle(self.core, LAPSED)
        answer = self.thaw()
        self.agent.fail(CommandFailed("thawed by itself after 60 s"))
        self.assertIn("thawed by itself", self.failed(answer))
        self.assertIs(self.stage, Stage.THAWED)
        answer = self.thaw()
        self.agent.answer(0)
        self.assertEqual(self.successResultOf(answer), 0)

    def test_closed(self) -> None:
        """
        What has stopped does nothing.
        """
        self.lifecycle = Lifecycle(self.core, CLOSED)
        for answer in (self.freeze(), self.thaw()):
            self.failureResultOf(answer, AgentUnavailable)
        self.lifecycle.found(True)
        self.lifecycle.ready()
        self.lifecycle.release("why not")
        self.lifecycle.stop()
        self.now()


class RecoveredTests(LifecycleCase):
    def recover(self, stage: Stage, since: float = 0.0) -> None:
        self.clock.advance(100)
        lease = evolve(self.bench.lease(), since=90 + since, deadline=150 + since)
        self.lifecycle.recover(Standing(stage, "so it was", 90 + since, lease))

    def test_goes_on(self) -> None:
        """
        A guest that somebody holds is held until its deadline by the next process.
        """
        self.recover(Stage.FROZEN)
        self.now()
        self.lifecycle.found(True)
        self.agent.fail(NO_SUCH)
        self.assertIs(self.stage, Stage.FROZEN)
        self.clock.advance(49)
        self.now()
        self.clock.advance(1)
        self.now(THAW)

    def test_past_its_deadline(self) -> None:
        """
        A guest whose deadline has passed meanwhile is thawed at once.
        """
        self.recover(Stage.FROZEN, -80)
        self.lifecycle.found(True)
        self.now(THAW)
        self.agent.answer(3)
        self.assertIs(self.stage, Stage.LAPSED)

    def test_nobody_was_told(self) -> None:
        """
        A guest whose freeze or thaw was under way is thawed at once.
        """
        for stage in (Stage.FREEZING, Stage.THAWING, Stage.DOUBTFUL):
            self.setUp()
            self.recover(stage)
            self.lifecycle.found(True)
            self.now(THAW)

    def test_found_thawed(self) -> None:
        """
        A guest that is thawed by now owes nothing; who was told that it is frozen is told.
        """
        for stage, then in (
            (Stage.FROZEN, Stage.LAPSED),
            (Stage.FREEZING, Stage.THAWED),
            (Stage.THAWING, Stage.THAWED),
        ):
            self.setUp()
            self.recover(stage)
            self.lifecycle.found(False)
            self.now()
            self.assertIs(self.stage, then)

    def test_thawed_meanwhile(self) -> None:
        """
        A thaw, or the need for one, does not wait for what the guest says of itself.
        """
        self.recover(Stage.FROZEN)
        answer = self.thaw()
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(answer), 3)
        self.setUp()
        self.recover(Stage.FROZEN)
        self.lifecycle.release("the mux is stopping")
        self.now(THAW)

    def test_freeze_meanwhile(self) -> None:
        """
        Nobody freezes a guest of which nobody knows whether it is frozen.
        """
        self.recover(Stage.FROZEN)
        self.failureResultOf(self.freeze(), CommandNotFound)
        self.lifecycle.stop()
        self.now()

    def test_lapsed(self) -> None:
        """
        Whoever froze it is told also by the next process.
        """
        self.recover(Stage.LAPSED)
        answer = self.thaw()
        self.agent.answer(0)
        self.assertIn("so it was", self.failed(answer))

    def test_thawed(self) -> None:
        """
        Nothing follows from a guest that was thawed.
        """
        self.recover(Stage.THAWED)
        self.frozen()
        self.assertEqual(self.agent.asked, [FREEZE, LEASE])


class AnyOrderTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        Whatever happens in whatever order, no guest is left frozen past its deadline while its
        agent answers.
        """
        quick = settings(max_examples=400, stateful_step_count=10, deadline=None)
        run_state_machine_as_test(AnyOrder, settings=quick)
