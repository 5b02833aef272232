"""An operating system in memory."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform._interface import ALICE, EXAMPLE, ROOT, PlatformTests
from txqga.agent.platform import MemoryFile, MemoryPlatform, Platform, Session, User
from txqga.errors import CommandFailed

KEYS = "/home/alice/.ssh/authorized_keys"


class ExampleTests(PlatformTests, SynchronousTestCase):
    """The example, in memory."""

    def make(self) -> Platform:
        return MemoryPlatform(
            users=(ALICE, ROOT),
            files={KEYS: MemoryFile(b"key\n", owner=ALICE.uid)},
            load=(1.5, 1.0, 0.5),
            sessions=[Session("alice", 100.5), Session("root", 50)],
            **{name: value for name, (_, value) in EXAMPLE.items()},
        )


class MemoryPlatformTests(SynchronousTestCase):
    def test_empty(self) -> None:
        """
        Where nothing is said, there is a machine with nothing in it.
        """
        platform = MemoryPlatform()
        self.assertEqual(platform.cpus(), [])
        self.assertEqual(platform.disks(), [])
        self.assertEqual(platform.sessions(), ())
        self.assertEqual(platform.os_info(), {})
        self.assertEqual(platform.load(), (0.0, 0.0, 0.0))
        self.assertIsNone(platform.user("root"))

    def test_change(self) -> None:
        """
        What it says may change, also into a refusal.
        """
        platform = MemoryPlatform(cpus=[{"logical-id": 0}])
        platform.tell(cpus=[{"logical-id": 1}], load=CommandFailed("too busy"))
        self.assertEqual(platform.cpus(), [{"logical-id": 1}])
        refused = self.assertRaises(CommandFailed, platform.load)
        self.assertEqual(refused.desc, "too busy")

    def test_rights(self) -> None:
        """
        A file may be for one user only, and for root.
        """
        platform = MemoryPlatform(files={KEYS: MemoryFile(b"x", owner=ALICE.uid)})
        bob = User(name="bob", uid=1001, gid=100, home="/home/bob")
        self.assertEqual(platform.read_as(ROOT, KEYS), b"x")
        refused = self.assertRaises(PermissionError, platform.read_as, bob, KEYS)
        self.assertEqual(refused.strerror, "Permission denied")
