"""The gate: every transition, and whatever happens in whatever order."""

import gc
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._steps_in_memory import MemorySteps
from txqga.errors import CommandFailed
from txqga.fsfreeze import GuestFreeze, Lapsed, Span

LIMIT = 10


class GateTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.steps = MemorySteps(self.clock, LIMIT)
        self.guest = GuestFreeze(self.steps, self.steps.timing)

    def why(self, reply: Deferred[Any]) -> str:
        why = self.failureResultOf(reply, CommandFailed).value
        assert isinstance(why, CommandFailed)
        return why.desc

    def frozen(self, count: int = 2) -> None:
        reply = self.guest.freeze()
        self.steps.begin()
        self.steps.froze(count)
        self.assertEqual(self.successResultOf(reply), count)
        self.steps.log.clear()

    def test_freeze_and_thaw(self) -> None:
        """
        What is frozen is thawed when a client says so, and the clock is looked at no more.
        """
        self.frozen()
        reply = self.guest.thaw()
        self.assertNoResult(reply)
        self.steps.released(2)
        self.assertEqual(self.successResultOf(reply), 2)
        self.clock.advance(LIMIT * 2)
        self.assertEqual((self.steps.releasing, self.clock.getDelayedCalls()), ([], []))

    def test_list(self) -> None:
        """
        Some may be frozen only.
        """
        self.guest.freeze(["/data"])
        self.assertEqual(self.steps.log, ["forget", ("freeze", ["/data"])])

    def test_refused(self) -> None:
        """
        A freeze that fails leaves the gate open.
        """
        for begun in (False, True):
            reply = self.guest.freeze()
            if begun:
                self.steps.begin()
            self.steps.failed("no")
            self.assertEqual(self.why(reply), "no")
            self.assertEqual(self.clock.getDelayedCalls(), [])
        self.frozen()

    def test_none(self) -> None:
        """
        Where there is nothing to freeze, nothing is frozen.
        """
        reply = self.guest.freeze()
        self.steps.begin()
        self.steps.froze(0)
        self.assertEqual(self.successResultOf(reply), 0)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(self.why(self.guest.renew()), "nothing is frozen")

    def test_takes_too_long(self) -> None:
        """
        A freeze that is not done when its time is up is given up, and its client told.
        """
        reply = self.guest.freeze()
        self.clock.advance(LIMIT * 2)  # of the hook, which has a limit of its own
        self.steps.begin()
        self.steps.log.clear()
        self.clock.pump([1.0] * LIMIT)
        desc = "freezing took longer than 10 s, and everything was thawed again"
        self.assertEqual(self.steps.log, [("give up", desc)])
        self.assertNoResult(reply)
        self.steps.failed(desc)
        self.assertEqual(self.why(reply), desc)

    def test_thaw_of_others(self) -> None:
        """
        What others froze is thawed, too.
        """
        reply = self.guest.thaw()
        self.steps.released(1)
        self.assertEqual(self.successResultOf(reply), 1)

    def test_thaw_fails(self) -> None:
        """
        What cannot be thawed stays frozen, and its time goes on.
        """
        reply = self.guest.thaw()
        self.steps.kept("no list")
        self.assertEqual(self.why(reply), "no list")
        self.frozen()
        self.clock.advance(1)
        reply = self.guest.thaw()
        self.steps.kept("no list")
        self.assertEqual(self.why(reply), "no list")
        self.assertEqual(self.successResultOf(self.guest.renew()), 9)

    def test_hook_fails(self) -> None:
        """
        A hook that fails after the thaw is told, and nothing is frozen all the same.
        """
        self.frozen()
        reply = self.guest.thaw()
        self.steps.released(2, Failure(CommandFailed("hook")))
        self.assertEqual(self.why(reply), "hook")
        self.frozen()

    def lapse(self) -> None:
        self.frozen()
        self.clock.pump([1.0] * LIMIT)
        [(lapsed, _)] = self.steps.releasing
        self.assertEqual(lapsed, Lapsed(10))

    def test_lapse(self) -> None:
        """
        What nobody thaws is thawed when its time is up; the next thaw says so, and only that.
        """
        self.lapse()
        self.steps.released()
        late = "thawed by itself after 10 s: the snapshot may be inconsistent"
        self.assertEqual(self.why(self.guest.thaw()), late)
        self.assertEqual(self.steps.log, ["forget"])
        reply = self.guest.thaw()
        self.steps.released(0)
        self.assertEqual(self.successResultOf(reply), 0)

    def test_freeze_after_lapse(self) -> None:
        """
        Who freezes again is told nothing.
        """
        self.lapse()
        self.steps.released()
        self.assertEqual(self.why(self.guest.renew()), "nothing is frozen")
        self.frozen()
        reply = self.guest.thaw()
        self.steps.released(2)
        self.assertEqual(self.successResultOf(reply), 2)

    def test_renew(self) -> None:
        """
        A freeze can be renewed again and again.
        """
        self.frozen()
        for _ in range(5):
            self.clock.advance(8)
            self.assertEqual(self.successResultOf(self.guest.renew()), 2)
            self.assertEqual(self.successResultOf(self.guest.renew(3600)), 10)
        self.assertEqual(self.steps.log[-1], Span(0, 50))
        self.assertEqual(self.steps.releasing, [])
        self.assertEqual(self.successResultOf(self.guest.renew(2)), 2)
        self.clock.pump([1.0] * 2)
        self.assertEqual(len(self.steps.releasing), 1)

    def test_busy(self) -> None:
        """
        One thing at a time.
        """
        busy = "filesystems are frozen, or being frozen or thawed"
        self.guest.freeze()
        self.assertEqual(self.why(self.guest.freeze()), busy)
        self.assertEqual(self.why(self.guest.thaw()), busy)
        self.assertEqual(self.why(self.guest.renew()), "nothing is frozen")
        self.steps.begin()
        self.steps.froze(1)
        self.assertEqual(self.why(self.guest.freeze()), busy)
        self.guest.thaw()
        self.assertEqual(self.why(self.guest.freeze()), busy)
        self.assertEqual(self.why(self.guest.thaw()), busy)

    def test_busy_lapsing(self) -> None:
        """
        A thaw that comes when the agent thaws already is refused.
        """
        self.lapse()
        self.assertEqual(
            self.why(self.guest.thaw()), "filesystems are frozen, or being frozen or thawed"
        )
        self.assertEqual(len(self.steps.releasing), 1)

    def test_end(self) -> None:
        """
        An agent that holds nothing ends at once.
        """
        self.successResultOf(self.guest.end())
        self.assertEqual(len(self.steps.releasing), 0)
        busy = "filesystems are frozen, or being frozen or thawed"
        self.assertEqual(self.why(self.guest.freeze()), busy)
        self.assertEqual(self.why(self.guest.thaw()), busy)
        self.successResultOf(self.guest.end())

    def test_end_frozen(self) -> None:
        """
        An agent that ends lets everything go first, or leaves what does not answer.
        """
        for finish in (self.steps_released, self.steps_kept):
            self.setUp()
            self.frozen()
            ended = self.guest.end()
            self.assertNoResult(ended)
            finish()
            self.successResultOf(ended)
            self.assertEqual(self.clock.getDelayedCalls(), [])

    def steps_released(self) -> None:
        self.steps.released()

    def steps_kept(self) -> None:
        self.steps.kept()

    def test_end_freezing(self) -> None:
        """
        A freeze under way is given up at the end; one that could not be is undone.
        """
        for finish in ("failed", "froze"):
            self.setUp()
            self.guest.freeze()
            self.steps.begin()
            ended = self.guest.end()
            self.assertEqual(self.steps.log[-1], ("give up", "the agent ends"))
            self.assertNoResult(ended)
            if finish == "failed":
                self.steps.failed()
            else:
                self.steps.froze(2)
                self.assertNoResult(ended)
                self.steps.released()
            self.successResultOf(ended)

    def test_end_lapsed(self) -> None:
        """
        Who was not told yet may be told by the next agent.
        """
        self.lapse()
        self.steps.released()
        self.steps.log.clear()
        self.successResultOf(self.guest.end())
        self.assertEqual(self.steps.log, [])

    def test_end_thawing(self) -> None:
        """
        A thaw under way is waited for.
        """
        self.frozen()
        self.guest.thaw()
        ended = self.guest.end()
        self.assertNoResult(ended)
        self.steps.released()
        self.successResultOf(ended)

    def test_end_lapsing(self) -> None:
        """
        The agent's own thaw tries for ever; at the end it is tried once more.
        """
        self.lapse()
        ended = self.guest.end()
        self.assertEqual(len(self.steps.releasing), 2)
        self.steps.releasing.pop(0)
        self.steps.kept()
        self.successResultOf(ended)

    def test_end_lapsing_twice(self) -> None:
        """
        Both thaws may succeed: the second one to do so changes nothing.
        """
        self.lapse()
        ended = self.guest.end()
        self.steps.released()
        self.successResultOf(ended)
        self.steps.released()
        gc.collect()
        self.assertEqual(self.flushLoggedErrors(), [])


class AnyOrder(RuleBasedStateMachine):
    """A guest whose clients, disks, hook and clock do as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.steps = MemorySteps(self.clock, LIMIT)
        self.guest = GuestFreeze(self.steps, self.steps.timing)
        self.replies: list[Deferred[Any]] = []
        self.frozen_for = 0.0
        self.ended = False
        self.left = False  # something did not answer when the agent ended

    def asked(self, reply: Deferred[Any]) -> None:
        reply.addErrback(lambda why: why.trap(CommandFailed) and None)
        self.replies.append(reply)

    @rule()
    def freeze(self) -> None:
        if self.steps.freezing is None:
            self.asked(self.guest.freeze())

    @rule()
    def thaw(self) -> None:
        self.asked(self.guest.thaw())

    @rule(seconds=st.none() | st.integers(1, 100))
    def renew(self, seconds: int | None) -> None:
        renewed: list[object] = []
        self.asked(self.guest.renew(seconds).addCallback(renewed.append))
        if renewed and seconds is not None:
            self.frozen_for = 0.0

    @rule()
    def end(self) -> None:
        self.ended = True
        self.asked(self.guest.end())

    @precondition(lambda self: self.steps.freezing is not None and not self.steps.frozen)
    @rule()
    def begin(self) -> None:
        if not self.ended:
            self.steps.log.clear()
        self.steps.begin()
        self.frozen_for = 0.0

    @precondition(lambda self: self.steps.freezing is not None and self.steps.frozen)
    @rule(count=st.integers(0, 2))
    def froze(self, count: int) -> None:
        self.steps.froze(count)

    @precondition(lambda self: self.steps.freezing is not None)
    @rule()
    def failed(self) -> None:
        self.steps.failed()

    @precondition(lambda self: self.steps.releasing)
    @rule(hook=st.booleans())
    def released(self, hook: bool) -> None:
        self.steps.released(1, Failure(CommandFailed("hook")) if hook else None)

    @precondition(lambda self: self.steps.releasing and self.steps.releasing[0][0] is None)
    @rule()
    def kept(self) -> None:
        self.left = self.ended
        self.steps.kept()
        self.clock.advance(0)  # what is late already is tried again at once

    @rule(seconds=st.sampled_from([0.5, 1.0, 4.0]))
    def wait(self, seconds: float) -> None:
        self.clock.pump([0.25] * int(seconds * 4))
        self.frozen_for = self.frozen_for + seconds if self.steps.frozen else 0.0

    @invariant()
    def not_too_long(self) -> None:
        if self.steps.frozen and (self.ended or self.frozen_for > LIMIT) and not self.left:
            given_up = self.steps.freezing and any(
                isinstance(each, tuple) and "give up" in each for each in self.steps.log
            )
            assert self.steps.releasing or given_up


class AnyOrderTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        Whatever happens in whatever order, no guest is left frozen past its limit.
        """
        run(AnyOrder)
