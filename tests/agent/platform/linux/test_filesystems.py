"""What is mounted, how full it is, and on which disks it lies."""

import os
from typing import Any

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._attached import ATTACHED
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._filesystems import filesystems
from txqga.errors import CommandFailed

DISKS = "/sys/devices/pci0000:00/0000:00:0c.0/virtio1/block"
VIRTUAL = "/sys/devices/virtual/block"


class FilesystemsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.machine.driver("/sys/devices/pci0000:00/0000:00:0c.0", "virtio-pci")
        self.mounted: list[str] = []
        self.calls = evolve(Calls(), statvfs=self.statvfs)
        self.space: dict[str, os.statvfs_result] = {}

    def statvfs(self, path: bytes) -> os.statvfs_result:
        found = self.space.get(path.decode().removeprefix(str(self.machine.root)))
        if found is None:
            raise FileNotFoundError(path)
        return found

    def mount(self, number: str, folder: str) -> None:
        line = f"{20 + len(self.mounted)} 1 {number} / {folder} rw - ext4 /dev/x rw\n"
        self.mounted.append(line)
        self.machine.file("/proc/self/mountinfo", "".join(self.mounted))

    def found(self) -> list[Any]:
        return filesystems(self.machine.tree, self.calls)

    def nodes(self) -> list[str]:
        """The device nodes of the disks of the only filesystem."""
        (only,) = self.found()
        return [disk["dev"] for disk in only["disk"]]

    def test_space(self) -> None:
        """
        Ordinary users have what root's reserve leaves; units may be of any size.
        """
        self.machine.disk(f"{DISKS}/vda", "254:0")
        self.mount("254:0", "/data")
        #                    bsize frsize blocks bfree bavail
        numbers = os.statvfs_result((4096, 1024, 1000, 400, 350, 9, 9, 9, 0, 255))
        self.space["/data"] = numbers
        (only,) = self.found()
        self.assertEqual(only["used-bytes"], 600 * 1024)
        self.assertEqual(only["total-bytes"], 950 * 1024)
        self.assertEqual(only["total-bytes-privileged"], 1000 * 1024)

    def test_no_space(self) -> None:
        """
        A filesystem that does not tell how full it is, is listed nevertheless.
        """
        self.machine.device(f"{DISKS}/vda/vda1", "254:1")
        self.mount("254:1", "/data")
        (only,) = self.found()
        self.assertEqual(set(only), {"name", "mountpoint", "type", "disk"})
        self.assertEqual((only["name"], only["mountpoint"]), ("vda1", "/data"))
        self.assertEqual(only["type"], "ext4")

    def test_order(self) -> None:
        """
        The last mounted comes first.
        """
        for number in range(3):
            self.machine.disk(f"{DISKS}/vd{number}", f"254:{number}")
            self.mount(f"254:{number}", f"/{number}")
        self.assertEqual([each["mountpoint"] for each in self.found()], ["/2", "/1", "/0"])

    def test_every_way(self) -> None:
        """
        However its disk is attached, the disk's address is told.
        """
        for number, disk in enumerate(ATTACHED):
            disk.attach(self.machine, f"8:{number}")
            self.mount(f"8:{number}", f"/{number}")
        for disk, told in zip(ATTACHED, reversed(self.found()), strict=True):
            address = {**disk.members(), "dev": f"/dev/{disk.name}"}
            self.assertEqual((told["name"], told["disk"]), (disk.name, [address]), disk.what)

    def test_container(self) -> None:
        """
        In a container, where devices are hidden, the number stands for the name.
        """
        self.mount("254:0", "/")
        (only,) = self.found()
        self.assertEqual((only["name"], only["disk"]), ("254:0", []))

    def test_virtual(self) -> None:
        """
        A device that is made of others lies on the disks below all of them; a file lies on none.
        """
        self.machine.device(f"{DISKS}/vda/vda1", "254:1").device(f"{DISKS}/vdb", "254:16")
        self.machine.disk(f"{VIRTUAL}/dm-0", "253:0").disk(f"{VIRTUAL}/dm-1", "253:1")
        for name in ("vda/vda1", "vdb"):
            link = f"{VIRTUAL}/dm-0/slaves/{name.rpartition('/')[2]}"
            self.machine.link(link, f"{DISKS}/{name}")
        self.machine.link(f"{VIRTUAL}/dm-1/slaves/dm-0", f"{VIRTUAL}/dm-0")
        self.machine.link(f"{VIRTUAL}/dm-1/slaves/gone", f"{VIRTUAL}/gone")
        self.machine.folder(f"{VIRTUAL}/dm-1/slaves/folder")
        self.mount("253:1", "/")
        listed = self.machine.tree.links(f"{VIRTUAL}/dm-0/slaves")
        self.assertEqual(self.nodes(), [f"/dev/{name}" for name in reversed(listed)])
        self.assertEqual(sorted(listed), ["vda1", "vdb"])

    def test_loop(self) -> None:
        """
        A loop device has nothing below it, and neither folder nor disk.
        """
        self.machine.device(f"{VIRTUAL}/loop0", "7:0")
        self.mount("7:0", "/")
        (only,) = self.found()
        self.assertEqual((only["name"], only["disk"]), ("loop0", []))

    def test_errors(self) -> None:
        """
        What cannot be followed for another reason than that it is not there, is an error.
        """
        self.machine.folder("/sys/dev/block").link("/sys/dev/block/8:0", "8:0")
        self.mount("8:0", "/")
        loop = "Too many levels of symbolic links"
        failed = self.assertRaises(CommandFailed, self.found)
        self.assertEqual(failed.desc, f'realpath("/sys/dev/block/8:0"): {loop}')
        self.mounted = []
        self.machine.device(f"{VIRTUAL}/dm-0", "253:0").file(f"{VIRTUAL}/dm-0/slaves")
        self.mount("253:0", "/")
        failed = self.assertRaises(CommandFailed, self.found)
        self.assertEqual(failed.desc, f'opendir("{VIRTUAL}/dm-0/slaves"): Not a directory')
