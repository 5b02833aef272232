"""That an agent has gone, and that it is back."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.monitor.alerts._told import Told
from txqga.monitor.alerts._outage import PATIENCE, Outage
from txqga.session import State, Status


class OutageTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.told = Told()
        self.outage = Outage(self.clock, self.told)

    def look(self, state: State, reason: str = "") -> None:
        self.outage.look(Status(state, reason, self.clock.seconds()))

    def test_outage(self) -> None:
        """
        An outage is told once, with why, and once more when it is over, with how long it was.
        """
        self.look(State.READY)
        self.look(State.DESYNCED, "silent")
        self.clock.advance(1.0)
        self.look(State.ABSENT, "no socket")
        self.clock.advance(PATIENCE - 1.0)
        words = {"state": "absent", "reason": "no socket", "seconds": PATIENCE}
        self.assertEqual(self.told.take(), [("agent-gone", words)])
        for state in (State.CONNECTING, State.ABSENT, State.SYNCING):
            self.clock.advance(20.0)
            self.look(state)
        self.look(State.BUSY)
        self.look(State.READY)
        self.assertEqual(self.told.take(), [("agent-back", {"seconds": PATIENCE + 60.0})])
        self.clock.advance(100.0)
        self.assertEqual(self.told.take(), [])

    def test_short(self) -> None:
        """
        An agent that is back soon was not gone.
        """
        self.look(State.READY)
        self.look(State.DESYNCED)
        self.clock.advance(PATIENCE / 2)
        self.look(State.FROZEN)
        self.clock.advance(PATIENCE)
        self.assertEqual(self.told.take(), [])

    def test_never_there(self) -> None:
        """
        A guest whose agent was never there has lost none.
        """
        self.look(State.CONNECTING)
        self.look(State.ABSENT)
        self.clock.advance(1000.0)
        self.look(State.READY)
        self.assertEqual(self.told.take(), [])

    def test_stands_still(self) -> None:
        """
        A machine that stands still has its agent; one whose agent had gone is not back by that.
        """
        self.look(State.READY)
        self.look(State.ABSENT)
        self.look(State.PAUSED)
        self.clock.advance(1000.0)
        self.assertEqual(self.told.take(), [])
        self.look(State.ABSENT)
        self.clock.advance(PATIENCE)
        self.assertEqual([kind for kind, _ in self.told.take()], ["agent-gone"])
        self.look(State.MIGRATING)
        self.look(State.ABSENT)
        self.clock.advance(1000.0)
        self.assertEqual(self.told.take(), [])
        self.look(State.READY)
        self.assertEqual(self.told.take(), [("agent-back", {"seconds": PATIENCE + 1000.0})])

    def test_too_much(self) -> None:
        """
        An agent that was not told to have gone is not told to be back.
        """
        self.look(State.READY)
        self.look(State.ABSENT)
        self.told.allows = False
        self.clock.advance(PATIENCE)
        self.told.allows = True
        self.look(State.READY)
        self.assertEqual(self.told.take(), [])

    def test_stop(self) -> None:
        """
        When nobody wants to know any more, nothing waits.
        """
        self.look(State.READY)
        self.look(State.ABSENT)
        self.outage.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
