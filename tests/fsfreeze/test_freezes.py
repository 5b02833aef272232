"""The freezes of one guest."""

from functools import partial

from twisted.internet.defer import Deferred
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Agent, Bench, Ledger
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.fsfreeze._freezes import AGAIN, LONGEST, MOST, Freezes
from txqga.fsfreeze._lease import Stage, Standing
from txqga.fsfreeze._terms import Terms
from txqga.fsfreeze._wishes import FREEZE, STATUS, THAW
from txqga.wire import JSON


class FreezesCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.clock, self.agent, self.ledger = self.bench.clock, Agent(), Ledger()
        self.told: list[Standing] = []
        self.freezes = Freezes(
            self.clock,
            self.agent.ask,
            name="db1",
            terms=Terms(lease=60, longest=600),
            ledger=self.ledger,
            told=self.told.append,
        )

    def now(self, *commands: str) -> None:
        self.assertEqual([each.command for each in self.agent.waiting], list(commands))

    def freeze(self, seconds: float | None = None) -> "Deferred[JSON]":
        return self.freezes.freeze("ann", partial(self.agent.ask, FREEZE, {}), seconds)

    def thaw(self) -> "Deferred[JSON]":
        return self.freezes.thaw(partial(self.agent.ask, THAW, {}))

    def frozen(self) -> None:
        answer = self.freeze()
        self.agent.answer(3)
        self.agent.fail(CommandNotFound("never heard of it"))
        self.assertEqual(self.successResultOf(answer), 3)


class WishesTests(FreezesCase):
    def test_freeze(self) -> None:
        """
        A freeze has the usual lease, or the one that was asked for.
        """
        self.freeze()
        self.assertEqual(self.freezes.standing.lease.seconds, 60)
        self.setUp()
        self.freeze(120)
        self.assertEqual(self.freezes.standing.lease.seconds, 120)
        self.setUp()
        self.failureResultOf(self.freeze(601), CommandFailed)
        self.now()

    def test_mountpoints(self) -> None:
        """
        What is frozen is remembered, as far as it is not too long.
        """
        named = ["/data", *(f"/{number}" for number in range(MOST)), "x" * 5000]
        send = partial(self.agent.ask, FREEZE, {})
        self.freezes.freeze("ann", send, mountpoints=named)
        self.assertEqual(self.freezes.standing.lease.mountpoints, tuple(named[:MOST]))
        self.setUp()
        self.freezes.freeze("ann", send, mountpoints=["x" * 5000])
        self.assertEqual(self.freezes.standing.lease.mountpoints, ("x" * LONGEST,))

    def test_refusal(self) -> None:
        """
        What the agent does not take while it is frozen is refused with who has frozen it.
        """
        self.assertIsNone(self.freezes.refusal("guest-exec"))
        self.frozen()
        self.assertIn("ann has frozen it", str(self.freezes.refusal("guest-exec")))
        self.thaw()
        self.assertIn("somebody thaws it", str(self.freezes.refusal("guest-exec")))
        self.agent.answer(3)
        self.assertIsNone(self.freezes.refusal("guest-exec"))

    def test_renew(self) -> None:
        """
        A lease is renewed for the usual time, or for what was asked for.
        """
        self.failureResultOf(self.freezes.renew(), CommandFailed)
        self.frozen()
        self.assertEqual(self.successResultOf(self.freezes.renew()), 60)
        self.assertEqual(self.successResultOf(self.freezes.renew(500)), 500)
        self.failureResultOf(self.freezes.renew(601), CommandFailed)
        self.assertEqual(self.freezes.standing.lease.deadline, 500)

    def test_release(self) -> None:
        """
        Whoever ends it all can wait until the guest is thawed.
        """
        self.successResultOf(self.freezes.release("the host stops"))
        self.frozen()
        released = self.freezes.release("the host stops")
        self.assertNoResult(released)
        self.agent.answer(3)
        self.successResultOf(released)
        self.assertIs(self.freezes.standing.stage, Stage.LAPSED)

    def test_release_impatient(self) -> None:
        """
        Whoever does not want to wait any longer need not.
        """
        self.frozen()
        released = self.freezes.release("the host stops").addTimeout(5, self.clock)
        self.clock.advance(5)
        self.failureResultOf(released)
        self.agent.answer(3)

    def test_told(self) -> None:
        """
        Each new standing is told, and logged; who listens breaks nothing.
        """
        with capturedLogs() as seen:
            self.frozen()
        self.assertEqual([each.stage.value for each in self.told], ["freezing", "frozen"])
        self.assertEqual([(e["guest"], e["stage"]) for e in seen][-1], ("db1", "frozen"))

        def fails(standing: Standing) -> None:
            raise ZeroDivisionError

        broken = Freezes(self.clock, self.agent.ask, told=fails)
        broken.freeze("ann", partial(self.agent.ask, FREEZE, {}))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.now(FREEZE)


class LookTests(FreezesCase):
    def test_once_for_each_connection(self) -> None:
        """
        On each connection the guest is asked once whether it is frozen.
        """
        self.freezes.ready(1)
        self.now(STATUS)
        self.agent.answer("thawed")
        self.freezes.ready(1)
        self.now()
        self.freezes.ready(2)
        self.agent.answer("frozen")
        self.assertIs(self.freezes.standing.stage, Stage.FROZEN)
        self.assertEqual(self.freezes.standing.lease.owner, "nobody here")
        self.assertEqual(self.freezes.standing.lease.seconds, 60)

    def test_not_told(self) -> None:
        """
        A guest that does not answer is asked again; one that cannot be asked is believed thawed.
        """
        self.freezes.ready(1)
        self.agent.lose()
        self.clock.advance(AGAIN)
        self.agent.fail(AgentUnavailable("absent", "gone"))
        self.freezes.ready(1)
        self.agent.fail(CommandNotFound("disabled"))
        self.assertIs(self.freezes.standing.stage, Stage.THAWED)
        self.clock.advance(100)
        self.now()

    def test_found_while_freezing(self) -> None:
        """
        A guest that is found frozen while somebody else's freeze is begun, which is never sent, is
        asked again, and thawed in time.
        """
        self.freezes.ready(1)
        self.ledger.slow = True
        answer = self.freeze()
        self.agent.answer("frozen")
        self.ledger.writing.popleft().errback(OSError("disk full"))
        self.failureResultOf(answer, AgentUnavailable)
        self.now(STATUS)
        self.agent.answer("frozen")
        self.assertIs(self.freezes.standing.stage, Stage.FROZEN)
        self.assertEqual(self.freezes.standing.lease.owner, "nobody here")

    def test_recovered(self) -> None:
        """
        What was written down is believed of a guest that cannot be asked.
        """
        self.freezes.recover(Standing(Stage.FREEZING, "so", 0.0, self.bench.lease()))
        self.freezes.ready(1)
        self.agent.fail(CommandNotFound("disabled"))
        self.now(THAW)

    def test_frozen_by_somebody_else(self) -> None:
        """
        A guest that refuses to be frozen may be frozen already, by other means: it is asked.
        """
        answer = self.freeze()
        self.agent.fail(CommandNotFound("the command is not allowed"))
        self.failureResultOf(answer, CommandNotFound)
        self.agent.answer("frozen")
        self.assertIs(self.freezes.standing.stage, Stage.FROZEN)

    def test_new_connection(self) -> None:
        """
        A new connection asks anew, and what was under way is not waited for.
        """
        self.freezes.ready(1)
        self.freezes.ready(2)
        self.now(STATUS)
        self.agent.lose()
        self.freezes.ready(3)
        self.clock.advance(AGAIN)
        self.now(STATUS)

    def test_stop(self) -> None:
        """
        What has stopped asks nothing.
        """
        self.freezes.ready(1)
        self.freezes.stop()
        self.now()
        self.setUp()
        self.freezes.ready(1)
        self.agent.lose()
        self.freezes.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
