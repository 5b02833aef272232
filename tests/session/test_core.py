"""In what order things happen between two states."""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.session._bench import Bench
from tests.session.test_link import Host, Quiet
from txqga.errors import AgentUnavailable, OutcomeUnknown
from txqga.session import State, Status
from txqga.session._call import Call
from txqga.wire import JSON


class CoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.bench = Bench(self.clock, Random(1))
        self.core = self.bench.core
        self.bench.link.host, self.bench.link.listen = Host(), Quiet
        self.bench.link.connect()
        self.asked: list[Deferred[JSON]] = []
        self.told: list[Status] = []

    def ask(self) -> Deferred[JSON]:
        call = Call("guest-info", "read", 5.0, None, self.clock.seconds())
        return self.bench.calls.submit(call, {})

    def ask_when_told(self, status: Status) -> None:
        self.told.append(status)
        self.asked.append(self.ask())

    def state(self) -> State:
        return self.bench.standing.status.state

    def test_ready_is_ready(self) -> None:
        """
        Whoever calls the moment it is told that the agent is ready is served.
        """
        self.bench.standing.subscribe(self.ask_when_told)
        self.core.open(named=True)
        self.assertNoResult(self.asked[0])
        self.assertIn(b"guest-info", self.bench.written)
        self.core.resync("no reply")
        self.core.recover("overtaken")
        self.assertEqual(
            [each.state for each in self.told], [State.READY, State.DESYNCED, State.READY]
        )
        self.failureResultOf(self.asked[1], AgentUnavailable)
        self.failureResultOf(self.asked[0], OutcomeUnknown)
        self.assertNoResult(self.asked[2])

    def test_gone_is_gone(self) -> None:
        """
        Whoever calls the moment it is told that the agent is gone, or when its call has failed
        for it, learns why.
        """
        self.core.open(named=True)
        again: list[Deferred[JSON]] = []

        def ask_again(failure: object) -> None:
            again.append(self.ask())

        self.ask().addErrback(ask_again)
        self.bench.standing.subscribe(self.ask_when_told)
        self.core.leave(State.ABSENT, "gone", "gone")
        for call in (*self.asked, *again):
            error = self.failureResultOf(call, AgentUnavailable).value
            self.assertEqual((error.state, error.reason), ("absent", "gone"))
        self.assertEqual((len(self.asked), len(again)), (1, 1))

    def test_nothing_is_written_on_the_way_out(self) -> None:
        """
        Whoever calls the moment it is told that the agent is gone has nothing written.
        """
        self.core.open(named=True)
        self.bench.standing.subscribe(self.ask_when_told)
        self.core.leave(State.ABSENT, "gone", "gone")
        self.failureResultOf(self.asked[0], AgentUnavailable)
        self.assertEqual(self.bench.written, b"")

    def test_no_ids(self) -> None:
        """
        An agent without ids is named as such.
        """
        self.core.open(named=False)
        self.assertIn("one call at a time", self.bench.standing.status.reason)

    def test_silent_after_what(self) -> None:
        """
        What silence means depends on what was seen before: of an agent that answered once it is
        not said that somebody else holds the channel.
        """
        self.core.leave_unheard(heard=False)
        self.assertEqual(self.state(), State.HELD)
        self.core.leave_unheard(heard=True)
        self.assertEqual(self.state(), State.DESYNCED)
        self.assertIn("no guest agent", self.bench.standing.status.reason)
        self.core.open(named=True)
        self.core.leave_hung("no reply")
        self.core.leave_unheard(heard=False)
        self.assertEqual(self.state(), State.DESYNCED)
        self.assertIn("answered before", self.bench.standing.status.reason)
        self.core.retry("no socket")
        self.core.leave_unheard(heard=False)
        self.assertEqual(self.state(), State.HELD)

    def test_flood(self) -> None:
        """
        After a flood no late reply is waited for.
        """
        self.core.open(named=True)
        call = self.ask()
        self.core.leave_flood("nonsense")
        error = self.failureResultOf(call, OutcomeUnknown).value
        self.assertIs(self.successResultOf(error.outcome.settled()), None)
        self.assertEqual(self.bench.standing.status.reason, "nonsense")

    def test_close(self) -> None:
        """
        A closed session tries no more.
        """
        self.core.open(named=True)
        call = self.ask()
        self.core.close()
        self.failureResultOf(call, OutcomeUnknown)
        self.assertEqual(self.state(), State.CLOSED)
        self.assertEqual(self.clock.getDelayedCalls(), [])
