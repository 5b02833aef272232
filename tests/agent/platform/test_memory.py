"""An operating system in memory."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform._interface import ALICE, EXAMPLE, ROOT, PlatformTests
from txqga.agent.platform import (
    MemoryFile,
    MemoryMounts,
    MemoryPlatform,
    Mounted,
    Platform,
    Session,
    User,
)
from txqga.errors import CommandFailed

KEYS = "/home/alice/.ssh/authorized_keys"


class ExampleTests(PlatformTests, SynchronousTestCase):
    """The example, in memory."""

    def make(self) -> Platform:
        return MemoryPlatform(
            users=(ALICE, ROOT),
            files={KEYS: MemoryFile(b"key\n", owner=ALICE.uid)},
            mounts=MemoryMounts([Mounted("/mnt", "254:0")]),
            boot_time=1000.5,
            load=(1.5, 1.0, 0.5),
            sessions=[Session("alice", 100.5), Session("root", 50)],
            trim={"paths": [{"path": "/mnt", "minimum": 4096, "trimmed": 8192}]},
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

    def test_done(self) -> None:
        """
        What is done to it is noted, unless it refuses.
        """
        platform = MemoryPlatform(suspend=CommandFailed("not tired"))
        platform.set_clock(5)
        platform.shut_down("halt")
        platform.set_password("alice", b"x", crypted=True)
        self.assertRaises(CommandFailed, platform.suspend, "ram")
        self.assertEqual(
            platform.done,
            [("set_clock", 5), ("shut_down", "halt"), ("set_password", "alice", b"x", True)],
        )

    def test_made(self) -> None:
        """
        What it was made of is nobody else's, and is not changed.
        """
        cpus = [{"logical-id": 1, "online": True, "can-offline": True}]
        platform = MemoryPlatform(cpus=cpus)
        platform.set_cpu(1, online=False)
        self.assertIs(cpus[0]["online"], True)
        self.assertIs(platform.cpus()[0]["online"], False)

    def test_processor_for_good(self) -> None:
        """
        A processor that cannot go does not.
        """
        platform = MemoryPlatform(cpus=[{"logical-id": 0, "online": True, "can-offline": False}])
        platform.set_cpu(0, online=True)
        failed = self.assertRaises(CommandFailed, platform.set_cpu, 0, online=False)
        self.assertEqual(failed.desc, "logical processor #0 can't be offlined")
