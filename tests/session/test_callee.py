"""What can be asked to run commands."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.session import Callee, Session
from txqga.testing import MemoryGuest, ScriptedAgent


class CalleeTests(SynchronousTestCase):
    def test_provided(self) -> None:
        """
        A session can be asked, and so can a guest.
        """
        some: list[Callee] = [MemoryGuest(), Session(Clock(), ScriptedAgent())]
        for each in some:
            self.assertTrue(callable(each.call))
