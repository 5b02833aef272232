"""What is asked of an operating system."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform._interface import ALICE
from txqga.agent.platform import MemoryPlatform, Platform, Session
from txqga.agent.platform.linux import Linux


class ValuesTests(SynchronousTestCase):
    def test_values(self) -> None:
        """
        Sessions and accounts are values: equal if they say the same.
        """
        self.assertEqual(Session("alice", 1.0), Session("alice", 1.0))
        self.assertNotEqual(Session("alice", 1.0), Session("alice", 2.0))
        self.assertIn("alice", repr(ALICE))

    def test_platforms(self) -> None:
        """
        What answers is a platform: it has a method for every question.
        """
        asked = {name for name in vars(Platform) if not name.startswith("_")}
        for platform in (Linux(), MemoryPlatform()):
            self.assertEqual(asked - set(dir(platform)), set())
