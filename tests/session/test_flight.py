"""Calls that were written, and not answered."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import OutcomeUnknown
from txqga.session._call import Call, Reply
from txqga.session._counters import Counters
from txqga.session._flight import Flight
from txqga.session._silence import Ear
from txqga.wire import ABSENT, JSON, Success

REPLY = Success(5, ABSENT)


class FlightTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.ear = Ear()
        self.counters = Counters()
        self.overdue: list[str] = []
        self.flight = Flight(clock=self.clock, ear=self.ear, counters=self.counters, window=3)
        self.flight.overdue = self.overdue.append
        self.waiting: dict[str, Deferred[JSON]] = {}

    def call(self, name: str, *, shared: bool = True, deadline: float = 5.0) -> Call:
        call = Call("guest-info", "read", deadline, None, self.clock.seconds())
        call.name, call.shared, call.longest = name, shared, 100
        call.waiting = self.waiting[name] = Deferred()
        return call

    def enter(self, name: str, *, shared: bool = True, deadline: float = 5.0) -> Call:
        call = self.call(name, shared=shared, deadline=deadline)
        self.assertTrue(self.flight.has_room(call))
        self.flight.enter(call, self.clock.seconds())
        return call

    def has_room(self, *, shared: bool = True) -> bool:
        return self.flight.has_room(self.call("new", shared=shared))

    def outcome(self, name: str) -> Deferred[object]:
        error = self.failureResultOf(self.waiting[name], OutcomeUnknown).value
        assert isinstance(error, OutcomeUnknown)
        return error.outcome.settled()

    def test_room(self) -> None:
        """
        Reads share the flight up to the window; others fly alone.
        """
        self.enter("a")
        self.assertTrue(self.has_room())
        self.assertFalse(self.has_room(shared=False))
        self.enter("b")
        self.enter("c")
        self.assertFalse(self.has_room())
        for name in "abc":
            self.flight.answer(name, REPLY)
        self.enter("d", shared=False)
        self.assertFalse(self.has_room())
        self.assertFalse(self.has_room(shared=False))

    def test_answer(self) -> None:
        """
        A reply finds its call by its id, once; and whoever observes the command is told.
        """
        seen: list[tuple[Call, Reply]] = []
        first = self.enter("a")
        first.observe = lambda call, reply: seen.append((call, reply))
        self.enter("b")
        self.assertIs(self.flight.oldest, first)
        self.assertTrue(self.flight.answer("a", REPLY))
        self.assertFalse(self.flight.answer("a", REPLY))
        self.assertFalse(self.flight.answer("z", REPLY))
        self.assertEqual(self.successResultOf(self.waiting["a"]), 5)
        self.assertNoResult(self.waiting["b"])
        self.assertEqual(seen, [(first, REPLY)])

    def test_overdue(self) -> None:
        """
        Calls that have been silent for too long are given up, and counted by command.
        """
        self.enter("a")
        self.enter("b")
        self.clock.advance(5)
        self.assertEqual(self.overdue, ["a command got no reply in time"])
        self.assertEqual(self.counters.timeouts, {"guest-info": 2})
        self.assertFalse(self.has_room())
        outcome = self.outcome("a")
        self.assertTrue(self.flight.answer("a", REPLY))
        self.assertIs(self.successResultOf(outcome), REPLY)
        self.assertEqual(self.counters.late_replies, 1)
        self.assertNoResult(self.outcome("b"))

    def test_heard(self) -> None:
        """
        What is heard renews the deadline of all that is in flight.
        """
        self.enter("a")
        self.clock.advance(4)
        self.ear.heard = self.clock.seconds()
        self.clock.advance(4)
        self.assertNoResult(self.waiting["a"])
        self.clock.advance(1)
        self.outcome("a")

    def test_patience(self) -> None:
        """
        As long as one call has time left no sync is asked for, but nothing is written either.
        """
        self.enter("a", deadline=60)
        self.enter("b")
        self.clock.advance(5)
        self.outcome("b")
        self.assertEqual(self.overdue, [])
        self.assertTrue(self.flight.is_live)
        self.assertFalse(self.has_room())
        self.ear.heard = self.clock.seconds()
        self.flight.answer("a", REPLY)
        self.clock.advance(5)
        self.assertEqual(len(self.overdue), 1)
        self.assertFalse(self.flight.is_live)

    def test_abandoned(self) -> None:
        """
        Nothing is written past a call that was cancelled, until it is answered.
        """
        call = self.enter("a")
        self.flight.abandon(call)
        call.waiting = None
        self.assertFalse(self.has_room())
        self.flight.answer("a", REPLY)
        self.assertTrue(self.has_room())

    def test_lost_with_ids(self) -> None:
        """
        When the connection is lost, a reply on the next one still settles the outcome.
        """
        self.enter("a")
        self.flight.lost("gone", named=True)
        outcome = self.outcome("a")
        self.assertEqual(self.flight.longest_late, 100)
        self.assertTrue(self.has_room(shared=False))
        self.assertTrue(self.flight.answer("a", REPLY))
        self.assertIs(self.successResultOf(outcome), REPLY)
        self.assertEqual(self.flight.longest_late, 0)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_forget(self) -> None:
        """
        When the next connection is synced, a reply can come no more.
        """
        self.enter("a")
        self.flight.lost("gone", named=True)
        self.flight.forget()
        self.assertIs(self.successResultOf(self.outcome("a")), None)
        self.assertFalse(self.flight.answer("a", REPLY))

    def test_lost_without_ids(self) -> None:
        """
        Without an id a late reply cannot be told from others.
        """
        self.enter("a")
        self.flight.lost("gone", named=False)
        self.assertIs(self.successResultOf(self.outcome("a")), None)

    def test_take(self) -> None:
        """
        What a sync has overtaken is taken out, and the flight is empty.
        """
        call = self.enter("a")
        self.clock.advance(5)
        self.outcome("a")
        self.assertEqual(self.flight.take(), [call])
        self.assertTrue(self.has_room(shared=False))
        self.assertIs(self.flight.oldest, None)
