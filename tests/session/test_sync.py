"""The sync machine, state by state."""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.session._bench import Bench
from txqga.errors import AgentUnavailable, OutcomeUnknown
from txqga.session import State
from txqga.session._call import Call
from txqga.session._sync import AWAY, CLOSED, NEW, READY, Sync
from txqga.testing import transitions, unanswered
from txqga.wire import ABSENT, JSON, Refusal, Success

REPLY = Success(5, ABSENT)
REFUSAL = Refusal(wire_class="GenericError", desc="stray", id=ABSENT)


class TableTests(SynchronousTestCase):
    def test_always_an_answer(self) -> None:
        """
        Whatever happens, in whatever state, the machine has an answer.
        """
        self.assertEqual(unanswered(Sync), [])

    def test_stop(self) -> None:
        """
        From every state a stop leads to the end, and nothing leads away from there.
        """
        arrows = transitions(Sync)
        self.assertEqual({a.next for a in arrows if a.input == "stop"}, {"closed"})
        self.assertEqual({a.next for a in arrows if a.state == "closed"}, {"closed"})

    def test_only_a_sync_leads_to_ready(self) -> None:
        """
        No connection is trusted before a sync was answered on it.
        """
        moves = [a for a in transitions(Sync) if a.next != a.state]
        self.assertEqual(
            [(a.state, a.input) for a in moves if a.next == "probing"], [("syncing", "_synced")]
        )
        self.assertEqual(
            {a.state for a in moves if a.next == "ready"},
            {"probing", "confirming", "doubting", "resyncing"},
        )

    def test_no_connection_survives_a_loss(self) -> None:
        """
        A connection that was lost, or cannot be trusted, is left from every state.
        """
        for name in ("lost", "flooded"):
            for arrow in transitions(Sync):
                if arrow.input == name and arrow.state not in ("new", "away", "closed"):
                    self.assertEqual(arrow.next, "away", arrow)


class SyncTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.bench = Bench(self.clock, Random(1))
        self.agent = self.bench.agent
        self.machine = Sync(self.bench.core, NEW)
        self.bench.join(self.machine)

    def state(self) -> State:
        return self.bench.standing.status.state

    def ready(self) -> None:
        """In ``READY``, on a connection."""
        self.machine = Sync(self.bench.core, READY)
        self.bench.join(self.machine)
        self.bench.link.connect()
        self.bench.core.open(named=True)

    def ask(self, deadline: float = 3.0) -> Deferred[JSON]:
        call = Call("guest-info", "read", deadline, None, self.clock.seconds())
        call.longest = 1 << 20
        return self.bench.calls.submit(call, {})

    def test_opens(self) -> None:
        """
        A sync and a ping, and the agent is ready.
        """
        self.machine.start()
        self.assertEqual(self.state(), State.SYNCING)
        self.agent.flush()
        self.assertEqual(self.state(), State.READY)
        self.assertEqual(self.bench.written.count(b"\n"), 2)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_connects_again(self) -> None:
        """
        An attempt that fails is followed by another.
        """
        self.agent.unreachable = Refused()
        self.machine.start()
        self.assertEqual(self.state(), State.ABSENT)
        self.agent.unreachable = None
        self.clock.advance(0.5)
        self.agent.flush()
        self.assertEqual(self.state(), State.READY)

    def test_probe_without_answer(self) -> None:
        """
        An agent that says nothing to an id is asked once more, and then without ids.
        """
        self.agent.answer("txqga-fence", b"")
        self.machine.start()
        self.agent.flush()
        self.assertEqual(self.state(), State.SYNCING)
        self.clock.advance(5)
        self.agent.flush()
        self.assertEqual(self.state(), State.READY)
        self.assertIn("one call at a time", self.bench.standing.status.reason)

    def test_probe_and_confirmation_without_answer(self) -> None:
        """
        An agent that answers one sync and no more hangs.
        """
        self.agent.answer("txqga-fence", Deferred())
        self.machine.start()
        self.agent.flush()
        self.clock.pump([5, 5])
        self.assertEqual(self.state(), State.DESYNCED)
        self.assertTrue(self.agent.connections[0].closing)

    def test_lost_while_asking(self) -> None:
        """
        A connection that is lost while an answer is awaited is tried again, without a trace.
        """
        self.agent.hangs = True
        self.machine.start()
        self.agent.hang_up()
        self.assertEqual(self.state(), State.ABSENT)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)

    def test_flooded_while_asking(self) -> None:
        """
        A conversation that is lost while an answer is awaited is tried again, on a connection
        of its own.
        """
        self.machine.start()
        self.machine.flooded("a reply is too long")
        self.assertEqual(self.state(), State.DESYNCED)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)

    def test_resync_in_time(self) -> None:
        """
        After a silence the same connection is used if a sync is answered on it.
        """
        self.ready()
        call = self.ask()
        self.agent.hangs = True
        self.clock.advance(3)
        self.assertEqual(self.state(), State.DESYNCED)
        self.failureResultOf(call, OutcomeUnknown)
        self.agent.hangs = False
        self.agent.flush()
        self.assertEqual(self.state(), State.READY)
        self.assertEqual(self.bench.link.epoch, 1)

    def test_resync_too_late(self) -> None:
        """
        If it is not, the connection is given up, and calls that waited with it.
        """
        self.ready()
        self.agent.hangs = True
        call = self.ask()
        self.clock.pump([3, 5])
        error = self.failureResultOf(call, OutcomeUnknown).value
        self.assertEqual(self.state(), State.DESYNCED)
        self.assertTrue(self.agent.connections[0].closing)
        self.assertNoResult(error.outcome.settled())

    def test_doubt(self) -> None:
        """
        A line that may have been the reply is followed by a sync; the call keeps its chance
        until the sync is answered.
        """
        self.ready()
        self.agent.hangs = True
        call = self.ask(deadline=60)
        self.machine.unlabelled(REFUSAL)
        self.machine.doubt("once more")
        self.assertEqual(self.bench.written.count(b"sync-delimited"), 1)
        self.clock.pump([5, 5, 5])
        self.assertNoResult(call)
        later = self.ask()
        self.machine.marked(REPLY)
        self.assertNoResult(call)
        self.agent.hangs = False
        self.agent.answer("guest-info", 1)
        self.agent.flush()
        self.assertEqual(self.successResultOf(call), 1)
        self.agent.flush()
        self.assertEqual(self.successResultOf(later), 1)

    def test_doubt_and_silence(self) -> None:
        """
        When the call in doubt runs out of time, or was answered and the sync is not, the usual
        sync follows.
        """
        self.ready()
        self.agent.hangs = True
        self.ask().addErrback(lambda failure: None)
        self.machine.unlabelled(REFUSAL)
        self.clock.advance(3)
        self.assertEqual(self.state(), State.DESYNCED)
        self.agent.hangs = False
        self.agent.flush()
        self.assertEqual(self.state(), State.READY)
        self.agent.hangs = True
        call = self.ask(deadline=60)
        self.machine.stray("malformed", "noise")
        self.bench.calls.answer("n.1.2", REPLY)
        self.successResultOf(call)
        self.assertEqual(self.state(), State.READY)
        self.clock.advance(5)
        self.assertEqual(self.state(), State.DESYNCED)

    def test_noise_in_doubt(self) -> None:
        """
        A flood is a flood, also while a sync is under way.
        """
        self.ready()
        self.ask(deadline=60).addErrback(lambda failure: None)
        for _ in range(2):
            self.machine.stray("malformed", "noise")
            self.machine.unlabelled(REFUSAL)
        self.assertEqual(self.state(), State.DESYNCED)

    def test_marked_when_ready(self) -> None:
        """
        An answer to a sync that was not made is a bad line like others.
        """
        self.ready()
        self.machine.marked(REPLY)
        self.assertEqual(self.bench.counters.protocol_errors, {"no id": 1})

    def test_marked_refusal(self) -> None:
        """
        A refusal after 0xFF is a mux's word that its agent is away.
        """
        self.machine.start()
        self.machine.marked(REFUSAL)
        self.assertEqual(self.state(), State.ABSENT)
        self.assertEqual(self.bench.standing.status.reason, "stray")

    def test_stopped_by_a_listener(self) -> None:
        """
        A session may be stopped by whoever is told of its state: in the middle of a transition.
        """
        self.bench.standing.subscribe(lambda status: self.machine.stop())
        self.machine.start()
        self.assertEqual(self.state(), State.CLOSED)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stopped_by_a_caller(self) -> None:
        """
        The same for whoever made a call that ends.
        """
        self.ready()
        call = self.ask()
        call.addErrback(lambda failure: self.machine.stop())
        self.machine.lost("gone")
        self.assertEqual(self.state(), State.CLOSED)
        self.failureResultOf(self.ask(), AgentUnavailable)

    def test_words_for_nobody(self) -> None:
        """
        Before the start and after the end nothing matters.
        """
        for state in (NEW, AWAY, CLOSED):
            machine = Sync(self.bench.core, state)
            machine.flooded("x")
            machine.marked(REPLY)
            machine.echoed()
            machine.unlabelled(REPLY)
            machine.stray("malformed", "x")
            machine.overdue("x")
            machine.doubt("x")
            if state is not AWAY:
                machine.connected()
                machine.lost("x")
        self.assertEqual(self.agent.connections, [])
        self.assertEqual(self.state(), State.CLOSED)
