"""Calls, from the caller to the wire and back."""

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable, OutcomeUnknown
from txqga.session._call import Call
from txqga.session._calls import Calls
from txqga.session._counters import Counters
from txqga.session._fence import Fence
from txqga.session._flight import Flight
from txqga.session._queue import Queue
from txqga.session._silence import Ear
from txqga.wire import ABSENT, JSON, Refusal, Success, command


class Line:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.expected: list[int] = []

    def write(self, octets: bytes) -> None:
        self.writes.append(octets)

    def expect(self, octets: int) -> None:
        self.expected.append(octets)


class Alarm:
    """Keeps what was asked of the sync machine."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []

    def overdue(self, why: str) -> None:
        self.rung.append(("overdue", why))

    def doubt(self, why: str) -> None:
        self.rung.append(("doubt", why))

    def flooded(self, why: str) -> None:
        self.rung.append(("flooded", why))


class CallsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.line = Line()
        self.alarm = Alarm()
        self.counters = Counters()
        self.calls = Calls(
            line=self.line,
            flight=Flight(clock=self.clock, ear=Ear(), counters=self.counters, window=2),
            queue=Queue(self.clock, 9),
            counters=self.counters,
            fence=Fence(clock=self.clock, secret="s"),
            unavailable=lambda: AgentUnavailable("absent", "no socket"),
            garbage=3,
        )
        self.calls.alarm = self.alarm
        self.calls.flight.overdue = self.alarm.overdue

    def submit(self, name: str, *, shared: bool = True, longest: int = 100) -> Deferred[JSON]:
        call = Call(name, "read", 5.0, None, self.clock.seconds())
        call.shared, call.longest = shared, longest
        return self.calls.submit(call, {})

    def rung(self) -> list[str]:
        return [name for name, _ in self.alarm.rung]

    def test_shut(self) -> None:
        """
        Without an agent nothing is written.
        """
        self.failureResultOf(self.submit("a"), AgentUnavailable)
        self.assertEqual(self.line.writes, [])

    def test_names(self) -> None:
        """
        Calls carry ids that begin as they were told, or none.
        """
        self.calls.opened("p.")
        first, second = self.submit("a"), self.submit("b")
        self.assertEqual(self.line.writes, [command("a", {}, "p.1"), command("b", {}, "p.2")])
        self.assertTrue(self.calls.answer("p.2", Success(2, "p.2")))
        self.assertFalse(self.calls.answer("p.3", Success(3, "p.3")))
        self.assertNoResult(first)
        self.assertEqual(self.successResultOf(second), 2)

    def test_strict_order(self) -> None:
        """
        Without ids one call is in flight, and the next reply without id is its reply.
        """
        self.calls.opened(None)
        first, second = self.submit("a"), self.submit("b")
        self.assertEqual(self.line.writes, [command("a", {})])
        self.calls.unlabelled(Success(1, ABSENT))
        self.calls.pump()
        self.assertEqual(self.line.writes[1:], [command("b", {})])
        self.assertEqual(self.successResultOf(first), 1)
        self.assertNoResult(second)

    def test_written_at_once(self) -> None:
        """
        Calls that waited are written in one go.
        """
        self.calls.opened("p.")
        self.submit("a", shared=False)
        for name in "bcd":
            self.submit(name)
        self.calls.answer("p.1", Success(1, "p.1"))
        self.calls.pump()
        self.assertEqual(self.line.writes[1:], [command("b", {}, "p.2") + command("c", {}, "p.3")])

    def test_longest_line(self) -> None:
        """
        The longest line that is taken is that of the calls in flight.
        """
        self.calls.opened("p.")
        self.submit("a", longest=100)
        self.submit("b", longest=300)
        self.assertEqual(self.line.expected, [100, 300])
        for name in ("p.1", "p.2"):
            self.calls.answer(name, Success(1, name))
        self.submit("c", longest=200)
        self.submit("d", longest=100)
        self.assertEqual(self.line.expected, [100, 300, 200])

    def test_held(self) -> None:
        """
        While a sync is under way calls are taken, and written when it is over.
        """
        self.calls.opened("p.")
        first = self.submit("a")
        self.calls.hold()
        second = self.submit("b")
        self.calls.pump()
        self.assertEqual(len(self.line.writes), 1)
        self.calls.conclude(self.calls.reopen(), "overtaken")
        error = self.failureResultOf(first, OutcomeUnknown).value
        self.assertIs(self.successResultOf(error.outcome.settled()), None)
        self.assertEqual(self.line.writes[1:], [command("b", {}, "p.2")])
        self.assertNoResult(second)

    def test_lost(self) -> None:
        """
        With the connection go the calls: what was written is unknown, what was not is refused.
        """
        self.calls.opened("p.")
        first, second = self.submit("a", shared=False), self.submit("b")
        self.calls.lost("gone")
        self.failureResultOf(first, OutcomeUnknown)
        self.failureResultOf(second, AgentUnavailable)
        self.failureResultOf(self.submit("c"), AgentUnavailable)

    def test_cancelled_waiting(self) -> None:
        """
        When a call that waits is cancelled, those behind it may go.
        """
        self.calls.opened("p.")
        self.submit("a")
        blocker, free = self.submit("b", shared=False), self.submit("c")
        blocker.cancel()
        self.failureResultOf(blocker, CancelledError)
        self.assertEqual(self.line.writes[1:], [command("c", {}, "p.3")])
        self.assertNoResult(free)

    def test_stray_in_flight(self) -> None:
        """
        With ids, what may be all that comes for a call in flight raises a doubt; a reply to a
        stranger's call does not.
        """
        self.calls.opened("p.")
        self.calls.stray("malformed", "noise")
        self.submit("a")
        self.calls.stray("unknown id", "stranger")
        self.assertEqual(self.rung(), [])
        self.calls.unlabelled(Refusal(wire_class="GenericError", desc="too long", id=ABSENT))
        self.assertEqual(self.rung(), ["doubt"])
        self.assertIn("too long", self.alarm.rung[0][1])
        self.assertEqual(
            self.counters.protocol_errors, {"malformed": 1, "unknown id": 1, "no id": 1}
        )

    def test_stray_without_ids(self) -> None:
        """
        Without ids, noise is noise; but a reply to nothing asks for a sync.
        """
        self.calls.opened(None)
        self.submit("a")
        self.calls.stray("malformed", "noise")
        self.assertEqual(self.rung(), [])
        self.calls.unlabelled(Success(1, ABSENT))
        self.calls.unlabelled(Success(2, ABSENT))
        self.assertEqual(self.rung(), ["overdue"])

    def test_flood(self) -> None:
        """
        More bad lines in a row than are put up with end the conversation; a reply begins the
        count again.
        """
        self.calls.opened("p.")
        self.submit("a")
        for _ in range(3):
            self.calls.stray("unknown id", "x")
        self.calls.answer("p.1", Success(1, "p.1"))
        for _ in range(3):
            self.calls.stray("unknown id", "x")
        self.assertEqual(self.rung(), [])
        self.calls.stray("unknown id", "x")
        self.assertEqual(self.rung(), ["flooded"])
