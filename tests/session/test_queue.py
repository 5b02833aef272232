"""Waiting for one's turn."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable
from txqga.session._call import Call
from txqga.session._queue import Queue
from txqga.wire import JSON


class QueueTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.queue = Queue(self.clock, 3)

    def put(self, name: int, cap: float | None = None) -> Call:
        call = Call("guest-exec", "once", 5.0, cap, self.clock.seconds())
        call.name = name
        call.waiting = Deferred()
        self.queue.append(call)
        return call

    def ended(self, call: Call) -> Deferred[JSON]:
        assert call.waiting is not None
        return call.waiting

    def test_order(self) -> None:
        """
        First come, first served; one who leaves does not disturb the others.
        """
        first, second, third = self.put(1), self.put(2), self.put(3)
        self.assertTrue(self.queue.remove(second))
        self.assertFalse(self.queue.remove(second))
        self.assertIs(self.queue.first(), first)
        self.assertEqual([self.queue.pop(), self.queue.pop()], [first, third])
        self.assertFalse(self.queue)

    def test_full(self) -> None:
        """
        One more than may wait is refused at once.
        """
        for name in range(3):
            self.put(name)
        call = Call("guest-exec", "once", 5.0, None, 0)
        call.name = 9
        call.waiting = waiting = Deferred[JSON]()
        self.queue.append(call)
        error = self.failureResultOf(waiting, AgentUnavailable).value
        self.assertEqual(error.state, "busy")
        self.assertEqual(len(self.queue), 3)

    def test_expires(self) -> None:
        """
        A call that waits longer than its cap allows fails; those without a cap wait on.
        """
        patient, hasty, later = self.put(1), self.put(2, cap=2.0), self.put(3, cap=4.0)
        waiting = self.ended(hasty)
        self.clock.advance(2)
        self.failureResultOf(waiting, AgentUnavailable)
        waiting = self.ended(later)
        self.assertNoResult(waiting)
        self.clock.advance(2)
        self.failureResultOf(waiting, AgentUnavailable)
        self.assertEqual(self.queue.clear(), [patient])

    def test_clear(self) -> None:
        """
        When all is taken out, no timer is left.
        """
        call = self.put(1, cap=2.0)
        self.assertEqual(self.queue.clear(), [call])
        self.assertEqual(self.clock.getDelayedCalls(), [])
