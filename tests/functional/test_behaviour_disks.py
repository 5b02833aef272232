"""Disks and filesystems of machines of every kind. Facts 5.1 and 8."""

import os
from typing import Any

from attrs import evolve

from tests.agent.platform.linux._attached import ATTACHED, NOWHERE
from tests.functional._machines import MachineBehaviour
from tests.functional._oracle import V7_2
from tests.functional._rows import Reply, call, error, ok
from txqga.agent.platform.linux import Calls

VIRTUAL = "/sys/devices/virtual/block"
CONTROLLER = "/sys/devices/pci0000:00/0000:00:0c.0"
DISKS = f"{CONTROLLER}/virtio1/block"


def unmounted(path: bytes) -> os.statvfs_result:
    """What a folder says that is not there."""
    raise FileNotFoundError(path)


class _Disks(MachineBehaviour):
    calls = evolve(Calls(), statvfs=unmounted)

    def fsinfo(self, reply: Reply, v7_2: Reply | None = None) -> None:
        self.check(call("guest-get-fsinfo", {}, reply, v7_2=v7_2))

    def disks(self, reply: Reply) -> None:
        self.check(call("guest-get-disks", {}, reply))

    def filesystem(self, name: str, folder: str, *disks: Any) -> dict[str, Any]:
        return {"name": name, "mountpoint": folder, "type": "ext4", "disk": list(disks)}


class Disks(_Disks):
    def test_attached(self) -> None:
        """
        However a disk is attached, both commands tell where.
        """
        numbered = [(disk, f"8:{number}") for number, disk in enumerate(ATTACHED)]
        for disk, number in numbered:
            disk.attach(self.machine, number)
        self.mount(*((number, f"/nowhere/{disk.name}") for disk, number in numbered))
        addresses = {
            disk.name: {**disk.members(v7_2=self.series == V7_2), "dev": f"/dev/{disk.name}"}
            for disk in ATTACHED
        }
        self.fsinfo(
            ok(
                [
                    self.filesystem(name, f"/nowhere/{name}", address)
                    for name, address in reversed(addresses.items())
                ]
            )
        )
        self.disks(
            ok(
                [
                    {
                        "name": f"/dev/{name}",
                        "partition": False,
                        "dependencies": [],
                        "address": addresses[name],
                    }
                    for name in reversed(self.machine.tree.names("/sys/block"))
                ]
            )
        )

    def test_unknown_to_udev(self) -> None:
        """
        A disk without a device node is listed only where hardware tells enough of it.
        """
        for number, disk in enumerate(ATTACHED):
            disk.attach(self.machine, f"8:{number}")
            self.machine.file(f"{disk.path}/uevent", "DEVTYPE=disk\n")
        self.mount(*((f"8:{number}", f"/{number}") for number in range(len(ATTACHED))))
        expected = []
        for number, disk in enumerate(ATTACHED):
            members = disk.members(v7_2=self.series == V7_2)
            known = disk.known and (self.series != V7_2 or disk.v7_2 is None)
            expected.append(self.filesystem(disk.name, f"/{number}", *([members] if known else [])))
        self.fsinfo(ok(expected[::-1]))
        self.disks(ok([]))

    def test_many_ports(self) -> None:
        """
        Of a controller with many ports only eight are looked at.
        """
        controller = "/sys/devices/pci0000:00/0000:00:1f.2"
        self.machine.driver(controller, "ahci")
        for port in range(1, 13):
            target = f"host{port}/target{port}:0:0/{port}:0:0:0"
            self.machine.disk(f"{controller}/ata{port}/{target}/block/sd{port}", f"8:{port}")
        self.mount(*((f"8:{port}", f"/{port}") for port in range(1, 13)))
        listed = [name for name in self.machine.tree.names(controller) if name.startswith("ata")]
        counted = sorted(int(name.removeprefix("ata")) for name in listed[:8])
        found = {each["name"]: each["disk"][0] for each in self.told("guest-get-fsinfo")}
        for port in range(1, 13):
            address = found[f"sd{port}"]
            self.assertEqual(address["pci-controller"]["slot"], 31)
            if port in counted:
                self.assertEqual(address["bus-type"], "sata")
                self.assertEqual(address["unit"], counted.index(port))
            else:
                self.assertEqual((address["bus-type"], address["unit"]), ("unknown", 0))

    def test_serial(self) -> None:
        """
        What udev says of a disk is told, unless it is empty; a partition has its own.
        """
        path = "/sys/devices/platform/mmc/block/mmcblk0"
        self.machine.disk(path, "179:0", known={"ID_SERIAL": "0x1=2", "DM_NAME": "other"})
        self.machine.device(f"{path}/mmcblk0p1", "179:1", known={"ID_SERIAL": ""})
        self.mount(("179:0", "/a"), ("179:1", "/b"))
        unknown = {
            "pci-controller": NOWHERE,
            "bus-type": "unknown",
            "bus": 0,
            "target": 0,
            "unit": 0,
        }
        disk = {**unknown, "dev": "/dev/mmcblk0", "serial": "0x1=2"}
        self.fsinfo(
            ok(
                [
                    self.filesystem("mmcblk0p1", "/b", {**unknown, "dev": "/dev/mmcblk0p1"}),
                    self.filesystem("mmcblk0", "/a", disk),
                ]
            )
        )
        partition = {"name": "/dev/mmcblk0p1", "partition": True, "dependencies": ["/dev/mmcblk0"]}
        self.disks(
            ok(
                [
                    partition,
                    {
                        "name": "/dev/mmcblk0",
                        "partition": False,
                        "dependencies": [],
                        "alias": "other",
                        "address": disk,
                    },
                ]
            )
        )

    def test_partitions(self) -> None:
        """
        Partitions come before their disk; what has another name or no node is none.
        """
        for number, name in enumerate(("vda", "nvme0n1", "vdb")):
            self.machine.disk(f"{DISKS}/{name}", f"254:{16 * number}")
            for place, part in enumerate(("1", "2", "p3", "p", "px", "x1"), 1):
                path = f"{DISKS}/{name}/{name}{part}"
                self.machine.device(path, f"254:{16 * number + place}")
            self.machine.folder(f"{DISKS}/{name}/{name}9")
        expected = []
        for name in self.machine.tree.names("/sys/block"):
            parts = [
                part
                for part in self.machine.tree.folders(f"{DISKS}/{name}")
                if part in (f"{name}1", f"{name}2", f"{name}p3")
            ]
            expected += [name, *parts]
        names = [each["name"] for each in self.told("guest-get-disks")]
        self.assertEqual(names, [f"/dev/{name}" for name in reversed(expected)])

    def test_left_out(self) -> None:
        """
        What has no size, no node, or is no link, is no disk.
        """
        self.machine.disk(f"{VIRTUAL}/loop0", "7:0", size="0\n")
        self.machine.disk(f"{VIRTUAL}/loop1", "7:1")
        self.machine.at(f"{VIRTUAL}/loop1/size").unlink()
        self.machine.disk(f"{VIRTUAL}/loop2", "7:2")
        self.machine.file(f"{VIRTUAL}/loop2/uevent", "MAJOR=7\n")
        self.machine.disk(f"{VIRTUAL}/loop3", "7:3")
        self.machine.at(f"{VIRTUAL}/loop3/slaves").rmdir()
        self.machine.link("/sys/block/gone", f"{VIRTUAL}/gone")
        self.machine.file("/sys/block/folder/size", "1\n").file("/sys/block/file")
        self.disks(ok([{"name": "/dev/loop3", "partition": False}]))

    def test_no_disks(self) -> None:
        """
        A kernel that lists no disks is an error.
        """
        self.machine.folder("/sys/dev")
        self.disks(error('Can\'t open directory "/sys/block": No such file or directory'))


class Volumes(_Disks):
    def setUp(self) -> None:
        super().setUp()
        self.machine.disk(f"{VIRTUAL}/dm-0", "253:0", known={"DM_NAME": "vg-root"})

    def part(self, of: str, path: str) -> None:
        self.machine.link(f"{VIRTUAL}/{of}/slaves/{path.rpartition('/')[2]}", path)

    def test_volume(self) -> None:
        """
        A volume lies on the disks below it, however far below; its address is none.
        """
        self.machine.driver(CONTROLLER, "virtio-pci").disk(f"{VIRTUAL}/dm-1", "253:1")
        for number, name in enumerate(("vda", "vdb", "vdc")):
            self.machine.disk(f"{DISKS}/{name}", f"254:{number}")
            self.part("dm-0", f"{DISKS}/{name}")
        self.part("dm-1", f"{VIRTUAL}/dm-0")
        self.part("dm-1", f"{VIRTUAL}/gone")
        self.machine.folder(f"{VIRTUAL}/dm-1/slaves/folder")
        self.mount(("253:1", "/"))
        below = [f"/dev/{name}" for name in self.machine.tree.names(f"{VIRTUAL}/dm-0/slaves")][::-1]
        (filesystem,) = self.told("guest-get-fsinfo")
        self.assertEqual(filesystem["name"], "dm-1")
        self.assertEqual([each["dev"] for each in filesystem["disk"]], below)
        volumes = {
            each["name"]: each for each in self.told("guest-get-disks") if "address" not in each
        }
        self.assertEqual(
            volumes,
            {
                "/dev/dm-0": {
                    "name": "/dev/dm-0",
                    "partition": False,
                    "dependencies": below,
                    "alias": "vg-root",
                },
                "/dev/dm-1": {
                    "name": "/dev/dm-1",
                    "partition": False,
                    "dependencies": ["/dev/dm-0"],
                },
            },
        )

    def test_loop(self) -> None:
        """
        A loop device has neither address nor disks; a device that is hidden has a number.
        """
        self.machine.device(f"{VIRTUAL}/loop0", "7:0")
        self.mount(("7:0", "/nowhere/a"), ("99:9", "/nowhere/b"))
        self.fsinfo(
            ok([self.filesystem("99:9", "/nowhere/b"), self.filesystem("loop0", "/nowhere/a")])
        )

    def test_errors(self) -> None:
        """
        Parts that cannot be looked at are an error of one command only.
        """
        self.machine.at(f"{VIRTUAL}/dm-0/slaves").rmdir()
        self.machine.file(f"{VIRTUAL}/dm-0/slaves")
        self.mount(("253:0", "/nowhere"))
        self.fsinfo(error(f'opendir("{VIRTUAL}/dm-0/slaves"): Not a directory'))
        self.disks(ok([{"name": "/dev/dm-0", "partition": False, "alias": "vg-root"}]))

    def test_circle(self) -> None:
        """
        A link to itself is an error.
        """
        self.machine.link(f"{VIRTUAL}/dm-0/slaves/circle", "circle")
        self.mount(("253:0", "/nowhere"))
        why = "Too many levels of symbolic links"
        self.fsinfo(error(f'realpath("{VIRTUAL}/dm-0/slaves/circle"): {why}'))
        self.assertEqual(self.told("guest-get-disks")[0]["dependencies"], [])


class Mounts(_Disks):
    def setUp(self) -> None:
        super().setUp()
        self.machine.folder("/sys/dev/block")

    def listed(self, lines: str) -> None:
        self.machine.file("/proc/self/mountinfo", lines)

    def test_lines(self) -> None:
        """
        What is on a device counts, once; paths are as the kernel has them, escapes undone.
        """
        self.listed(
            "20 1 8:0 / /n/a\\040b\\134c\\\\d\\477 rw - ext4 /dev/x rw\n"
            "21 1 8:1 / /n/b rw shared:1 master:2 - ext4  rw\n"
            "words\n"
            "22 1 8:2 / /n/no-separator rw\n"
            "23 1 0:44 / /n/btrfs rw - btrfs /nowhere rw\n"
            "24 1 0:46 / /n/tmpfs rw - tmpfs tmpfs rw\n"
            "25 1 8:0 / /n/again rw - ext4 /dev/x rw\n"
        )
        first = self.filesystem("8:0", "/n/a b\\c\\d\\477")
        second = self.filesystem("8:1", "/n/b")
        self.fsinfo(
            ok([second, first]), v7_2=ok([self.filesystem("8:0", "/n/again"), second, first])
        )

    def test_other_list(self) -> None:
        """
        Where the one list is missing, the sources in the other are looked at.
        """
        self.machine.file(
            "/proc/self/mounts",
            "tmpfs /n/tmp tmpfs rw 0 0\n"
            "//host/share /n/smb cifs rw 0 0\n"
            "/tmp /n/bound ext4 rw 0 0\n"
            "/nowhere /n/x\\040y ext4 rw 0 0\n"
            "/dev/null /n/null ext4 rw 0 0\n",
        ).folder("/tmp")
        first, second = self.filesystem("0:0", "/n/x y"), self.filesystem("0:0", "/n/null")
        self.fsinfo(ok([first]), v7_2=ok([second, first]))

    def test_no_list(self) -> None:
        """
        Without any list it is an error.
        """
        self.machine.folder("/proc/self")
        self.fsinfo(error("failed to open mtab file: '/proc/self/mounts'"))


globals().update(Disks.for_every_agent())
globals().update(Volumes.for_every_agent())
globals().update(Mounts.for_every_agent())
