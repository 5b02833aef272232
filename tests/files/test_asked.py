"""Who is asked for files."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.files import Asked
from txqga.guest import Guest
from txqga.session import Session
from txqga.testing import MemoryGuest, ScriptedAgent


class AskedTests(SynchronousTestCase):
    def test_provided(self) -> None:
        """
        A guest can be asked, and so can a session: what is common to them is all that is used.
        """
        guest: Asked = MemoryGuest()
        self.assertIsInstance(guest, Guest)
        session: Asked = Session(Clock(), ScriptedAgent())
        for each in (guest, session):
            self.assertTrue(callable(each.call))
