"""The disks and partitions."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._attached import ATTACHED, pci
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._disks import disks
from txqga.agent.platform.linux._nvme import parse_smart_log
from txqga.errors import CommandFailed

DISKS = "/sys/devices/pci0000:00/0000:00:0c.0/virtio1/block"
VIRTUAL = "/sys/devices/virtual/block"


class DisksTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.asked: list[bytes] = []

    def no_log(self, node: bytes) -> bytes:
        self.asked.append(node)
        raise OSError("no such log")

    def found(self) -> list[Any]:
        return disks(self.machine.tree, self.no_log)

    def names(self) -> list[str]:
        return [each["name"] for each in self.found()]

    def test_disk(self) -> None:
        """
        A disk has a node, an address, and nothing that it is made of.
        """
        self.machine.disk(f"{DISKS}/vda", "254:0", known={"ID_SERIAL": "s1"})
        self.machine.driver("/sys/devices/pci0000:00/0000:00:0c.0", "virtio-pci")
        place = {**pci(0, 12, 0), "bus-type": "virtio", "bus": 0, "target": 0, "unit": 0}
        self.assertEqual(
            self.found(),
            [
                {
                    "name": "/dev/vda",
                    "partition": False,
                    "dependencies": [],
                    "address": {**place, "dev": "/dev/vda", "serial": "s1"},
                }
            ],
        )

    def test_order(self) -> None:
        """
        Disks come in the reverse order of the folder, the partitions of each before it.
        """
        for number, name in enumerate(("vda", "vdb", "vdc")):
            self.machine.disk(f"{DISKS}/{name}", f"254:{16 * number}")
            for part in range(1, 6):
                path = f"{DISKS}/{name}/{name}{part}"
                self.machine.device(path, f"254:{16 * number + part}")
        expected = []
        for name in self.machine.tree.names("/sys/block"):
            parts = [each for each in self.machine.tree.names(f"{DISKS}/{name}") if name in each]
            expected += [name, *parts]
        self.assertEqual(self.names(), [f"/dev/{name}" for name in reversed(expected)])

    def test_partitions(self) -> None:
        """
        A partition is a folder named like the disk, with a number; it depends on the disk.
        """
        path = f"{DISKS}/nvme0n1"
        self.machine.disk(path, "259:0").device(f"{path}/nvme0n1p1", "259:1")
        self.machine.device(f"{path}/nvme0n12", "259:2").device(f"{path}/nvme0n1p", "259:3")
        self.machine.device(f"{path}/queue1", "259:4").folder(f"{path}/nvme0n1p7")
        self.machine.link(f"{path}/nvme0n1p8", f"{path}/nvme0n1p1")
        found = {each["name"]: each for each in self.found() if each["partition"]}
        expected = {"partition": True, "dependencies": ["/dev/nvme0n1"]}
        self.assertEqual(
            found,
            {
                f"/dev/{name}": {"name": f"/dev/{name}", **expected}
                for name in ("nvme0n1p1", "nvme0n12")
            },
        )

    def test_odd_names(self) -> None:
        """
        What a disk is called is no pattern.
        """
        path = f"{DISKS}/a+b"
        self.machine.disk(path, "1:0").device(f"{path}/aab1", "1:1").device(f"{path}/a+b1", "1:2")
        self.assertEqual(self.names(), ["/dev/a+b1", "/dev/a+b"])

    def test_left_out(self) -> None:
        """
        A disk without a size, without a node, or that is no link, is no disk.
        """
        self.machine.disk(f"{VIRTUAL}/loop0", "7:0", size="0\n")
        self.machine.disk(f"{VIRTUAL}/loop1", "7:1")
        self.machine.at(f"{VIRTUAL}/loop1/size").unlink()
        self.machine.disk(f"{VIRTUAL}/loop2", "7:2")
        self.machine.file(f"{VIRTUAL}/loop2/uevent", "MAJOR=7\n")
        self.machine.link("/sys/block/gone", f"{VIRTUAL}/gone")
        self.machine.file("/sys/block/folder/size", "1\n").file("/sys/block/file")
        self.assertEqual(self.found(), [])

    def test_volume(self) -> None:
        """
        A volume has another name, what it is made of, and no address.
        """
        self.machine.disk(f"{DISKS}/vda", "254:0").disk(f"{DISKS}/vdb", "254:16")
        self.machine.disk(
            f"{VIRTUAL}/dm-0", "253:0", known={"DM_NAME": "vg-root", "ID_SERIAL": "x"}
        )
        for name in ("vda", "vdb"):
            self.machine.link(f"{VIRTUAL}/dm-0/slaves/{name}", f"{DISKS}/{name}")
        volume = next(each for each in self.found() if each["name"] == "/dev/dm-0")
        listed = self.machine.tree.links(f"{VIRTUAL}/dm-0/slaves")
        self.assertEqual(
            volume,
            {
                "name": "/dev/dm-0",
                "partition": False,
                "dependencies": [f"/dev/{name}" for name in reversed(listed)],
                "alias": "vg-root",
            },
        )

    def test_no_folder_of_parts(self) -> None:
        """
        Where the kernel does not say what a disk is made of, nothing is said.
        """
        self.machine.disk(f"{VIRTUAL}/loop0", "7:0", known={"DM_NAME": ""})
        self.machine.at(f"{VIRTUAL}/loop0/slaves").rmdir()
        self.assertEqual(self.found(), [{"name": "/dev/loop0", "partition": False}])

    def test_broken_part(self) -> None:
        """
        A part that has just gone is left out.
        """
        self.machine.disk(f"{VIRTUAL}/dm-0", "253:0")
        self.machine.link(f"{VIRTUAL}/dm-0/slaves/vdz", f"{DISKS}/vdz")
        self.machine.link(f"{VIRTUAL}/dm-0/slaves/loop", "loop")
        self.assertEqual(self.found()[0]["dependencies"], [])

    def test_every_way(self) -> None:
        """
        However a disk is attached, its address is told.
        """
        for number, disk in enumerate(ATTACHED):
            disk.attach(self.machine, f"8:{number}")
        found = {each["name"]: each["address"] for each in self.found()}
        for disk in ATTACHED:
            address = {**disk.members(), "dev": f"/dev/{disk.name}"}
            self.assertEqual(found[f"/dev/{disk.name}"], address, disk.what)

    def test_no_folder(self) -> None:
        """
        A kernel that lists no disks does not tell.
        """
        failed = self.assertRaises(CommandFailed, self.found)
        self.assertEqual(
            failed.desc, 'Can\'t open directory "/sys/block": No such file or directory'
        )


class HealthTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        (nvme,) = (disk for disk in ATTACHED if disk.name == "nvme0n1")
        nvme.attach(self.machine, "259:0")

    def test_nvme(self) -> None:
        """
        The health of an NVMe disk is read from its node.
        """
        log = bytes(range(256)) * 2
        asked = []

        def read(node: bytes) -> bytes:
            asked.append(node)
            return log

        (disk,) = disks(self.machine.tree, read)
        self.assertEqual(disk["smart"], {"type": "nvme", **parse_smart_log(log)})
        self.assertEqual(asked, [bytes(self.machine.at("/dev/nvme0n1"))])

    def test_silent(self) -> None:
        """
        A disk that does not tell its health is listed without.
        """

        def refuse(node: bytes) -> bytes:
            raise PermissionError

        (disk,) = disks(self.machine.tree, refuse)
        self.assertNotIn("smart", disk)
