"""
One example of a machine, and what every platform says of it.

A test case makes the platform; :class:`tests.agent.platform.linux.test_linux.ExampleTests` has it
in files, :class:`tests.agent.platform.test_memory.ExampleTests` in memory.
"""

from typing import TYPE_CHECKING, Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform import Mounted, Platform, Session, User
from txqga.errors import CommandFailed
from txqga.schema import ArrayOf, shipped, structure

ALICE = User(name="alice", uid=1000, gid=100, home="/home/alice")
ROOT = User(name="root", uid=0, gid=0, home="/root")

_STATISTICS = {
    "rx-bytes": 1,
    "rx-packets": 2,
    "rx-errs": 3,
    "rx-dropped": 4,
    "tx-bytes": 9,
    "tx-packets": 10,
    "tx-errs": 11,
    "tx-dropped": 12,
}
_ADDRESS = {
    "pci-controller": {"domain": 0, "bus": 0, "slot": 5, "function": 0},
    "bus-type": "virtio",
    "bus": 0,
    "target": 0,
    "unit": 0,
    "dev": "/dev/vda",
}

#: What the methods return: by name, with the type of it.
EXAMPLE: dict[str, tuple[Any, Any]] = {
    "os_info": (
        "GuestOSInfo",
        {
            "kernel-release": "6.1.0",
            "kernel-version": "#1 SMP",
            "machine": "x86_64",
            "id": "debian",
            "name": "Debian GNU/Linux",
        },
    ),
    "interfaces": (
        ArrayOf("GuestNetworkInterface"),
        [
            {
                "name": "lo",
                "hardware-address": "00:00:00:00:00:00",
                "ip-addresses": [
                    {"ip-address": "127.0.0.1", "ip-address-type": "ipv4", "prefix": 8}
                ],
                "statistics": _STATISTICS,
            },
            {"name": "eth0", "hardware-address": "52:54:00:01:02:03"},
        ],
    ),
    "routes": (
        ArrayOf("GuestNetworkRoute"),
        [
            {
                "iface": "eth0",
                "destination": "0.0.0.0",
                "gateway": "0.0.0.0",
                "mask": "0.0.0.0",
                "flags": 3,
                "refcnt": 0,
                "use": 0,
                "metric": 100,
                "mtu": 0,
                "window": 0,
                "irtt": 0,
                "version": 4,
            }
        ],
    ),
    "cpus": (
        ArrayOf("GuestLogicalProcessor"),
        [{"logical-id": 1, "online": True, "can-offline": True}],
    ),
    "cpu_times": (
        ArrayOf("GuestCpuStats"),
        [{"type": "linux", "cpu": 0, "user": 10, "nice": 20, "system": 30, "idle": 40}],
    ),
    "memory_blocks": (
        ArrayOf("GuestMemoryBlock"),
        [{"phys-index": 7, "online": True, "can-offline": True}],
    ),
    "filesystems": (
        ArrayOf("GuestFilesystemInfo"),
        [
            {
                "name": "vda",
                "mountpoint": "/mnt",
                "type": "ext4",
                "disk": [_ADDRESS],
                "used-bytes": 5120,
                "total-bytes": 9216,
                "total-bytes-privileged": 10240,
            }
        ],
    ),
    "disks": (
        ArrayOf("GuestDiskInfo"),
        [{"name": "/dev/vda", "partition": False, "dependencies": [], "address": _ADDRESS}],
    ),
    "disk_activity": (
        ArrayOf("GuestDiskStatsInfo"),
        [
            {
                "name": "vda",
                "major": 254,
                "minor": 0,
                "stats": {"read-ios": 1, "read-sectors": 2, "write-ios": 3, "write-sectors": 4},
            }
        ],
    ),
}

if TYPE_CHECKING:
    _TestCase = SynchronousTestCase
else:
    _TestCase = object


class PlatformTests(_TestCase):
    """What is true of every platform."""

    def make(self) -> Platform:
        """Return the platform that is the example."""
        raise NotImplementedError

    def setUp(self) -> None:
        self.platform = self.make()

    def test_readings(self) -> None:
        """
        Everything that can be read of the machine is as it should be.
        """
        for name, (_, value) in EXAMPLE.items():
            self.assertEqual(getattr(self.platform, name)(), value, name)

    def test_schema(self) -> None:
        """
        Every value has the shape that the schema gives it.
        """
        for name, (type_, _) in EXAMPLE.items():
            structure(shipped(), type_, getattr(self.platform, name)())

    def test_numbers(self) -> None:
        """
        What is not a value of the schema is a number, or several.
        """
        self.assertEqual(self.platform.load(), (1.5, 1.0, 0.5))
        self.assertEqual(self.platform.memory_block_size(), 1 << 27)

    def test_sessions(self) -> None:
        """
        Sessions come in the order of the records.
        """
        sessions = [Session("alice", 100.5), Session("root", 50)]
        self.assertEqual(list(self.platform.sessions()), sessions)

    def test_users(self) -> None:
        """
        An account is found by its name.
        """
        self.assertEqual(self.platform.user("alice"), ALICE)
        self.assertEqual(self.platform.user("root"), ROOT)
        self.assertIsNone(self.platform.user("mallory"))

    def test_files_of_users(self) -> None:
        """
        A file of a user is read, or it is said why it cannot be.
        """
        path = "/home/alice/.ssh/authorized_keys"
        self.assertEqual(self.platform.read_as(ALICE, path), b"key\n")
        refused = self.assertRaises(FileNotFoundError, self.platform.read_as, ROOT, "/root/.ssh/x")
        self.assertEqual(refused.strerror, "No such file or directory")

    def test_making_files(self) -> None:
        """
        A file of a user is replaced; a new one needs its folder.
        """
        path = "/home/alice/.ssh/authorized_keys"
        self.platform.replace_as(ALICE, path, b"other\n")
        self.assertEqual(self.platform.read_as(ALICE, path), b"other\n")
        path = "/root/.ssh/authorized_keys"
        failed = self.assertRaises(CommandFailed, self.platform.replace_as, ROOT, path, b"x")
        prefix = f"failed to write to '{path}': Failed to create file “{path}."
        self.assertTrue(failed.desc.startswith(prefix), failed.desc)
        for _ in range(2):
            self.platform.make_folder_as(ROOT, "/root/.ssh")
        self.platform.replace_as(ROOT, path, b"x")
        self.assertEqual(self.platform.read_as(ROOT, path), b"x")

    def test_making_folders(self) -> None:
        """
        A folder needs the one above it.
        """
        path = "/home/alice/a/b"
        failed = self.assertRaises(CommandFailed, self.platform.make_folder_as, ALICE, path)
        desc = f"failed to create directory '{path}': No such file or directory"
        self.assertEqual(failed.desc, desc)

    def test_processors(self) -> None:
        """
        A processor goes and comes back, if there is such a processor.
        """
        for online in (False, False, True):
            self.platform.set_cpu(1, online=online)
            (cpu,) = self.platform.cpus()
            self.assertEqual(cpu["online"], online)
        for online in (False, True):
            self.assertRaises(CommandFailed, self.platform.set_cpu, 7, online=online)

    def test_memory(self) -> None:
        """
        A block of memory goes and comes back, if there is such a block.
        """
        for online in (False, False, True):
            response = self.platform.set_memory_block(7, online=online)
            self.assertEqual(response, {"phys-index": 7, "response": "success"})
            (block,) = self.platform.memory_blocks()
            self.assertEqual(block["online"], online)
        response = self.platform.set_memory_block(8, online=True)
        self.assertEqual(response, {"phys-index": 8, "response": "not-found", "error-code": 2})

    def test_trim(self) -> None:
        """
        What was trimmed is told in the shape that the schema gives it.
        """
        told = self.platform.trim(4096)
        self.assertEqual(told, {"paths": [{"path": "/mnt", "minimum": 4096, "trimmed": 8192}]})
        structure(shipped(), "GuestFilesystemTrimResponse", told)

    def test_done_in_silence(self) -> None:
        """
        What says nothing says nothing.
        """
        for mode in ("powerdown", "halt", "reboot"):
            self.platform.shut_down(mode)
        for mode in ("disk", "ram", "hybrid"):
            self.platform.suspend(mode)
        self.platform.set_clock(1)
        self.platform.clock_to_hardware()
        self.platform.clock_from_hardware()
        self.platform.set_password("alice", b"secret", crypted=False)

    def test_freezing(self) -> None:
        """
        A filesystem is frozen once, and thawed by whoever comes first.
        """
        [mount] = self.platform.mounted()
        self.assertEqual(mount, Mounted("/mnt", "254:0"))
        self.assertFalse(self.platform.thaw_at(mount))
        held = self.platform.freeze(mount)
        assert held is not None
        self.assertIsNone(self.platform.freeze(mount))
        self.assertTrue(self.platform.thaw(held))
        self.assertIsNotNone(self.platform.freeze(mount))
        self.assertTrue(self.platform.thaw_at(mount))

    def test_boot_time(self) -> None:
        """
        The time since the machine was started is a number of seconds.
        """
        self.assertEqual(self.platform.boot_time(), 1000.5)
