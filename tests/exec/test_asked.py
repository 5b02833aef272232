"""Who is asked to run programs."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.exec import Asked, Exec
from txqga.session import Session
from txqga.testing import MemoryGuest, ScriptedAgent


class AskedTests(SynchronousTestCase):
    def test_who(self) -> None:
        """
        A guest is one, and so is a session.
        """
        clock = Clock()
        some: list[Asked] = [MemoryGuest(), Session(clock, ScriptedAgent())]
        for each in some:
            self.assertIsInstance(each.epoch, int)
            self.failureResultOf(Exec(clock, each).ways())
