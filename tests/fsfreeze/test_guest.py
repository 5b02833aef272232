"""The freeze of a guest that an earlier agent began."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._steps_in_memory import MemorySteps
from txqga.errors import CommandFailed
from txqga.fsfreeze import GuestFreeze, Lapsed, Span


class GuestFreezeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(100)
        self.steps = MemorySteps(self.clock)

    def guest(self, found: Span | Lapsed) -> GuestFreeze:
        return GuestFreeze(self.steps, self.steps.timing, found)

    def test_frozen(self) -> None:
        """
        What was left frozen is thawed when a client says so.
        """
        reply = self.guest(Span(90, 110)).thaw()
        self.steps.released(3)
        self.assertEqual(self.successResultOf(reply), 3)

    def test_deadline(self) -> None:
        """
        The time that was set holds, and what it had lasted before counts.
        """
        self.guest(Span(90, 102))
        self.clock.pump([1.0] * 2)
        [(lapsed, _)] = self.steps.releasing
        self.assertEqual(lapsed, Lapsed(12))

    def test_too_late(self) -> None:
        """
        What should have been thawed long ago is thawed at once.
        """
        self.guest(Span(10, 50))
        self.clock.advance(0)
        self.assertEqual(len(self.steps.releasing), 1)

    def test_lapsed(self) -> None:
        """
        Who was not told by the earlier agent is told by this one.
        """
        why = self.failureResultOf(self.guest(Lapsed(7)).thaw(), CommandFailed)
        self.assertIn("thawed by itself after 7 s", str(why.value))
