"""Filesystems in memory."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform import MemoryMounts, Mounted
from txqga.errors import CommandFailed

ROOT, DATA = Mounted("/", "1:1"), Mounted("/data", "1:2")


class MemoryMountsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.mounts = MemoryMounts((ROOT, DATA))

    def test_once(self) -> None:
        """
        What is frozen already, or not there, is not frozen.
        """
        self.assertIsNotNone(self.mounts.freeze(DATA))
        self.assertIsNone(self.mounts.freeze(DATA))
        self.assertIsNone(self.mounts.freeze(Mounted("/gone", "1:3")))
        self.assertTrue(self.mounts.thaw_at(DATA))
        self.assertFalse(self.mounts.thaw_at(DATA))
        self.assertEqual(self.mounts.done, [("freeze", "/data"), ("thaw", "/data")])

    def test_refused(self) -> None:
        """
        It can be told which cannot be frozen, and which fail.
        """
        self.mounts.refuse({"/": None, "/data": CommandFailed("no")})
        self.assertIsNone(self.mounts.freeze(ROOT))
        self.assertRaises(CommandFailed, self.mounts.freeze, DATA)
