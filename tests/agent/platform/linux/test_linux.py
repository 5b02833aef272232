"""Linux, whole."""

import errno
import os
import pwd
import struct
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform._interface import ALICE, ROOT, PlatformTests
from tests.agent.platform.linux import _netlink
from tests.agent.platform.linux._machine import Machine
from tests.agent.platform.linux._programs import FakePrograms
from tests.agent.platform.linux.test_identity import FakeIds
from tests.agent.platform.linux.test_utmp import USER, narrow
from txqga.agent.platform import Platform, User
from txqga.agent.platform.linux import Calls, Linux
from txqga.agent.platform.linux._freezing import FIFREEZE
from txqga.agent.platform.linux._rtnetlink import LINKS
from txqga.agent.platform.linux._trim import FITRIM
from txqga.errors import CommandFailed

UNAME = os.uname_result(("Linux", "web1", "6.1.0", "#1 SMP", "x86_64"))


def account(name: str) -> pwd.struct_passwd:
    """The accounts of a small machine."""
    if "\0" in name:
        raise ValueError("embedded null byte")
    for user in (ALICE, ROOT):
        if user.name == name:
            return pwd.struct_passwd((name, "x", user.uid, user.gid, "", user.home, "/bin/sh"))
    raise KeyError(name)


def netlink(kind: int) -> bytes:
    """The interfaces of a small machine."""
    if kind == LINKS:
        return _netlink.link(1, b"lo", bytes(6)) + _netlink.link(2, b"eth0", b"RT\0\1\2\3")
    return _netlink.address(2, 1, 8, local=b"\x7f\0\0\1", label=b"lo\0")


class Filesystem:
    """A filesystem that can be trimmed by eight KiB, and frozen."""

    frozen = False

    def ioctl(self, file: int, request: int, argument: bytearray) -> int:
        if request == FITRIM:
            start, _, least = struct.unpack("=QQQ", argument)
            argument[:] = struct.pack("=QQQ", start, 8192, least)
        elif self.frozen is (request == FIFREEZE):
            raise OSError(errno.EBUSY if self.frozen else errno.EINVAL, "")
        else:
            self.frozen = not self.frozen
        return 0

    @staticmethod
    def stat(path: bytes) -> os.stat_result:
        found = Path(os.fsdecode(path)).stat()
        return os.stat_result((*found[:2], os.makedev(254, 0), *found[3:10]))


def example(root: str) -> Linux:
    """The example of the tests of every platform."""
    machine = Machine(root)
    cpus, blocks = "/sys/devices/system/cpu", "/sys/devices/system/memory"
    disk = "/sys/devices/pci0000:00/0000:00:05.0/virtio1/block/vda"
    machine.file("/etc/os-release", 'ID=debian\nNAME="Debian GNU/Linux"\n')
    machine.file("/var/run/utmp", narrow(USER, b"alice", 100, 500000) + narrow(USER, b"root", 50))
    machine.file("/proc/net/dev", "lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n")
    machine.file("/proc/net/route", "header\neth0\t0\t0\t3\t0\t0\t100\t0\t0\t0\t0\n")
    machine.file(f"{cpus}/cpu1/online", "1\n").file("/proc/stat", "cpu  1 2 3 4\ncpu0 1 2 3 4\n")
    machine.file(f"{blocks}/memory7/state", "online\n").file(f"{blocks}/memory7/removable", "1\n")
    machine.file(f"{blocks}/block_size_bytes", "8000000\n")
    machine.file("/proc/self/mountinfo", "27 1 254:0 / /mnt rw - ext4 /dev/vda rw\n")
    machine.disk(disk, "254:0").driver("/sys/devices/pci0000:00/0000:00:05.0", "virtio-pci")
    machine.file("/proc/diskstats", "254 0 vda 1 2 3 4\n")
    machine.file("/home/alice/.ssh/authorized_keys", "key\n").folder("/root").folder("/mnt")
    machine.file("/sys/power/state", "mem disk\n")
    filesystem = Filesystem()
    calls = Calls(
        uname=lambda: UNAME,
        load=lambda: (1.5, 1.0, 0.5),
        ticks=lambda: 100,
        statvfs=lambda path: os.statvfs_result((4096, 1024, 10, 5, 4, 0, 0, 0, 0, 255)),
        netlink=netlink,
        account=account,
        ids=FakeIds(),
        fchown=lambda file, uid, gid: None,
        ioctl=filesystem.ioctl,
        stat=filesystem.stat,
        boot_time=lambda: 1000.5,
        set_clock=lambda nanoseconds: None,
        programs=FakePrograms(),
    )
    return Linux(machine.tree, calls, {})


class ExampleTests(PlatformTests, SynchronousTestCase):
    """The example, in files."""

    def make(self) -> Platform:
        return example(self.mktemp())


class LinuxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.ids = FakeIds()
        self.calls = Calls(uname=lambda: UNAME, netlink=netlink, ids=self.ids)

    def linux(self, variables: Mapping[str, str] | None = None, **calls: Any) -> Linux:
        return Linux(self.machine.tree, evolve(self.calls, **calls), variables or {})

    def refusal(self, method: Any) -> str:
        return str(self.assertRaises(CommandFailed, method).desc)

    def test_second_description(self) -> None:
        """
        The description of the distribution may lie in another place.
        """
        self.machine.file("/usr/lib/os-release", "ID=second\n")
        self.assertEqual(self.linux().os_info()["id"], "second")
        self.machine.file("/etc/os-release", "ID=first\n")
        self.assertEqual(self.linux().os_info()["id"], "first")

    def test_named_description(self) -> None:
        """
        A variable may name the description; if that cannot be read, there is none.
        """
        self.machine.file("/etc/os-release", "ID=first\n").file("/elsewhere", "ID=named\n")
        named = self.linux({"QGA_OS_RELEASE": "/elsewhere"}).os_info()
        self.assertEqual(named["id"], "named")
        for name in ("/nowhere", ""):
            self.assertNotIn("id", self.linux({"QGA_OS_RELEASE": name}).os_info())

    def test_no_description(self) -> None:
        """
        Without a description the kernel is left.
        """
        kernel = {"kernel-release": "6.1.0", "kernel-version": "#1 SMP", "machine": "x86_64"}
        self.assertEqual(self.linux().os_info(), kernel)

    def test_no_load(self) -> None:
        """
        A system may not know its load.
        """

        def load() -> tuple[float, float, float]:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

        desc = self.refusal(self.linux(load=load).load)
        self.assertEqual(desc, "cannot query load average: Function not implemented")

    def test_no_sessions(self) -> None:
        """
        Without a list of sessions nobody is logged in.
        """
        self.assertEqual(self.linux().sessions(), ())
        self.machine.folder("/var/run/utmp")
        self.assertEqual(self.linux().sessions(), ())

    def test_no_counters(self) -> None:
        """
        Interfaces are listed even if nobody counts what goes through them.
        """
        self.assertNotIn("statistics", self.linux().interfaces()[0])

    def test_no_interfaces(self) -> None:
        """
        A kernel that refuses to list interfaces is an error.
        """

        def refuse(kind: int) -> bytes:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))

        desc = self.refusal(self.linux(netlink=refuse).interfaces)
        self.assertEqual(desc, "getifaddrs failed: Permission denied")

    def test_tables_of_routes(self) -> None:
        """
        A kernel may have either table of routes, both or none; what cannot be read is an error.
        """
        self.assertEqual(self.linux().routes(), [])
        one = "00000000000000000000000000000001"
        self.machine.file("/proc/net/ipv6_route", f"{one} 80 {one} 00 {one} 0 0 0 1 lo\n")
        self.assertEqual([each["version"] for each in self.linux().routes()], [6])
        self.machine.file("/proc/net/route", "header\neth0\t0\t0\t3\t0\t0\t0\t0\t0\t0\t0\n")
        self.assertEqual([each["version"] for each in self.linux().routes()], [4, 6])
        self.machine.at("/proc/net/ipv6_route").unlink()
        self.machine.folder("/proc/net/ipv6_route")
        desc = self.refusal(self.linux().routes)
        self.assertEqual(desc, 'open("/proc/net/ipv6_route"): Is a directory')

    def test_no_files(self) -> None:
        """
        Files of the kernel that are not there are errors.
        """
        linux = self.linux()
        for method, file in (
            (linux.cpu_times, "/proc/stat"),
            (linux.disk_activity, "/proc/diskstats"),
        ):
            self.assertEqual(self.refusal(method), f'open("{file}"): No such file or directory')

    def test_impossible_users(self) -> None:
        """
        A name that nobody can have is nobody's.
        """
        self.assertIsNone(self.linux(account=account).user("root\0"))
        self.assertIsNone(self.linux(account=account).user(""))

    def test_whose_file(self) -> None:
        """
        A file of a user is opened with his ids, and nothing is left of them afterwards.
        """
        self.machine.file("/keys", "x")
        before = self.ids.now
        self.assertEqual(self.linux().read_as(ALICE, "/keys"), b"x")
        self.assertEqual(self.ids.done[2], "seteuid")
        self.assertEqual(self.ids.now, before)
        self.assertRaises(FileNotFoundError, self.linux().read_as, ALICE, "/nowhere")
        self.assertEqual(self.ids.now, before)

    def test_no_file(self) -> None:
        """
        A pipe in the place of a file does not stop the agent, and a folder is an error.
        """
        os.mkfifo(self.machine.at("/pipe"))
        self.assertEqual(self.linux().read_as(ALICE, "/pipe"), b"")
        self.machine.folder("/folder")
        self.assertRaises(IsADirectoryError, self.linux().read_as, ALICE, "/folder")

    def test_large_file(self) -> None:
        """
        A user cannot fill the agent's memory with a file of his.
        """
        with self.machine.file("/large").at("/large").open("wb") as file:
            file.truncate(1 << 24)
            self.assertEqual(len(self.linux().read_as(ALICE, "/large")), 1 << 24)
            file.truncate((1 << 24) + 1)
        refused = self.assertRaises(OSError, self.linux().read_as, ALICE, "/large")
        self.assertEqual(refused.strerror, "File too large")

    def test_rights_of_a_user(self) -> None:
        """
        What is made for a user is made with his ids, and nothing is left of them afterwards.
        """
        seen: list[tuple[int, int]] = []

        def fchown(file: int, uid: int, gid: int) -> None:
            seen.append((self.ids.uid, self.ids.gid))

        self.machine.folder("/home/alice")
        linux = self.linux(fchown=fchown)
        before = self.ids.now
        linux.make_folder_as(ALICE, "/home/alice/.ssh")
        self.assertEqual(self.ids.now, before)
        linux.replace_as(ALICE, "/home/alice/.ssh/keys", b"x")
        self.assertEqual(self.ids.now, before)
        self.assertEqual(seen, [(ALICE.uid, ALICE.gid)] * 2)
        self.assertRaises(CommandFailed, linux.replace_as, ALICE, "/no/such/file", b"x")
        self.assertEqual(self.ids.now, before)

    def test_programs(self) -> None:
        """
        What the system has programs for is theirs to do; facts 9.
        """
        programs = FakePrograms()
        linux = self.linux(programs=programs)
        for mode in ("powerdown", "halt", "reboot"):
            linux.shut_down(mode)
        linux.clock_to_hardware()
        linux.clock_from_hardware()
        linux.set_password("bob", b"a:b", crypted=False)
        linux.set_password("bö\0b", b"", crypted=True)
        self.assertEqual(
            programs.ran,
            [
                "/sbin/shutdown -h -P +0 hypervisor initiated shutdown",
                "/sbin/shutdown -h -H +0 hypervisor initiated shutdown",
                "/sbin/shutdown -h -r +0 hypervisor initiated shutdown",
                "/sbin/hwclock -w",
                "/sbin/hwclock -s",
                "chpasswd",
                "chpasswd -e",
            ],
        )
        self.assertEqual(programs.given[-2:], [b"bob:a:b\n", b"b\xc3\xb6\xc0\x80b:\n"])

    def test_programs_fail(self) -> None:
        """
        A program that fails says what it was for.
        """
        codes = {"/sbin/hwclock -w": 1, "chpasswd": 1}
        codes["/sbin/shutdown -h -P +0 hypervisor initiated shutdown"] = 1
        linux = self.linux(programs=FakePrograms(codes))
        for function, action in (
            (linux.clock_to_hardware, "set hardware clock to system time"),
            (partial(linux.set_password, "bob", b"x", crypted=False), "set user password"),
            (partial(linux.shut_down, "powerdown"), "shutdown"),
        ):
            desc = self.refusal(function)
            self.assertEqual(desc, f"child process has failed to {action}: exit status 1")

    def test_clock(self) -> None:
        """
        The clock is set in steps of microseconds, if the kernel wants it.
        """
        told: list[int] = []
        self.linux(set_clock=told.append).set_clock(1_700_000_000_000_001)
        self.assertEqual(told, [1_700_000_000_000_001_000])

        def refuse(nanoseconds: int) -> None:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

        linux = self.linux(set_clock=refuse)
        desc = self.refusal(partial(linux.set_clock, 0))
        self.assertEqual(desc, "Failed to set time to guest: Invalid argument")

    def test_this_machine(self) -> None:
        """
        Where nothing else is said, it is this machine that is asked.
        """
        this = Linux()
        self.assertEqual(this.os_info()["machine"], os.uname().machine)
        root = this.user("root")
        assert isinstance(root, User)
        self.assertEqual(root.uid, 0)
        self.assertIn("cpu", this.cpu_times()[0])
