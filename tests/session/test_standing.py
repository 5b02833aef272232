"""What is known, and who is told."""

from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable
from txqga.session import State, Status
from txqga.session._allowance import BURST, PAUSE
from txqga.session._standing import Standing


class StandingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.standing = Standing(self.clock, "db1")
        self.told: list[Status] = []
        self.standing.subscribe(self.told.append)

    def tell(self, state: State, reason: str = "so") -> None:
        self.clock.advance(1)
        self.standing.tell(state, reason)

    def test_since(self) -> None:
        """
        A state lasts from when it was entered, even if its reason changes.
        """
        self.tell(State.ABSENT, "no socket")
        self.tell(State.ABSENT, "no socket")
        self.tell(State.ABSENT, "refused")
        self.assertEqual(
            self.told, [Status(State.ABSENT, "no socket", 1), Status(State.ABSENT, "refused", 1)]
        )
        self.assertEqual(self.standing.status, self.told[-1])

    def test_trying(self) -> None:
        """
        A sync that is tried once more does not hide what the last one showed.
        """
        for state, shown in [
            (State.CONNECTING, State.SYNCING),
            (State.ABSENT, State.SYNCING),
            (State.HELD, State.HELD),
            (State.DESYNCED, State.DESYNCED),
        ]:
            self.tell(state)
            self.standing.tell_trying()
            self.assertEqual(self.standing.status.state, shown)

    def test_frozen(self) -> None:
        """
        A frozen guest shows while the agent is ready, and is remembered while it is not.
        """
        self.tell(State.READY)
        self.standing.tell_frozen("frozen")
        self.standing.tell_frozen("frozen again")
        self.tell(State.ABSENT)
        self.tell(State.READY)
        self.standing.tell_thawed()
        self.standing.tell_thawed()
        self.assertEqual(
            [(each.state, each.since) for each in self.told],
            [
                (State.READY, 1),
                (State.FROZEN, 1),
                (State.ABSENT, 2),
                (State.FROZEN, 1),
                (State.READY, 3),
            ],
        )

    def test_same_listener_twice(self) -> None:
        """
        Each subscription is one of its own.
        """
        unsubscribe = self.standing.subscribe(self.told.append)
        self.tell(State.READY)
        self.assertEqual(len(self.told), 2)
        unsubscribe()
        unsubscribe()
        self.tell(State.ABSENT)
        self.assertEqual(len(self.told), 3)

    def test_listener_that_fails(self) -> None:
        """
        A listener that fails is logged, and the others are told all the same.
        """

        def fail(status: Status) -> None:
            raise RuntimeError("my own fault")

        later: list[Status] = []
        self.standing.subscribe(fail)
        self.standing.subscribe(later.append)
        self.tell(State.READY)
        self.assertEqual(len(later), 1)
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)

    def test_log(self) -> None:
        """
        Each new status is an event in the log, with its fields.
        """
        with capturedLogs() as seen:
            self.tell(State.HELD, "by another")
        [event] = [each for each in seen if "guest" in each]
        self.assertEqual(
            (event["guest"], event["state"], event["reason"]), ("db1", "held", "by another")
        )

    def test_log_is_not_filled(self) -> None:
        """
        A guest that comes and goes without end is heard of each time, and not each time logged:
        the log says so, and later how much is missing.
        """
        with capturedLogs() as seen:
            for _ in range(5 * BURST):
                self.standing.tell(State.READY, "so")
                self.standing.tell(State.DESYNCED, "so")
            self.clock.advance(PAUSE)
            self.standing.tell(State.READY, "at last")
        self.assertEqual(len(self.told), 10 * BURST + 1)
        events = [each for each in seen if "guest" in each]
        self.assertEqual(len(events), BURST + 3)
        tight, missing, last = events[-3:]
        self.assertIn("too often", tight["log_format"])
        self.assertEqual(missing["missed"], 9 * BURST)
        self.assertEqual(last["reason"], "at last")

    def test_when_ready(self) -> None:
        """
        Who waits for the agent is told when it is ready, or that it never will be.
        """
        first = self.standing.when_ready()
        self.tell(State.ABSENT)
        self.assertNoResult(first)
        self.tell(State.READY)
        self.successResultOf(first)
        self.successResultOf(self.standing.when_ready())
        self.tell(State.ABSENT)
        second, third = self.standing.when_ready(), self.standing.when_ready()
        third.cancel()
        self.failureResultOf(third, CancelledError)
        self.tell(State.CLOSED, "stopped")
        error = self.failureResultOf(second, AgentUnavailable).value
        self.assertEqual((error.state, error.reason), ("closed", "stopped"))
