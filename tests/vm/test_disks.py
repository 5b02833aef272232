"""Disks attached in every way that the guest's kernel knows, told of by both agents."""

from collections.abc import Mapping
from typing import ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.vm._comparing import ComparingCase

#: What is laid on the disks of the machine: the disk's name comes from its serial number.
_LAY = """
/sbin/modprobe -a btrfs loop
disk() { echo /dev/$(lsblk -dno NAME,SERIAL | grep -w "bed-$1" | cut -d' ' -f1); }
printf 'label: dos\\nsize=16MiB\\nsize=16MiB\\n' | sfdisk -q $(disk ide)
udevadm settle
printf '%s\\n' "0 65536 linear $(disk bridged) 0" "65536 32768 linear $(disk ide)2 0" |
    dmsetup create bed-linear
udevadm settle
truncate -s 16M /data/loop
loop=$(/sbin/losetup -f --show /data/loop)
for each in $(disk ide)1 $(disk scsi) /dev/mapper/bed-linear $loop; do
    mkfs.ext4 -q -F $each
done
mkfs.btrfs -q -f $(disk nvme)
mkdir -p /mnt/ide /mnt/scsi /mnt/nvme /mnt/dm /mnt/loop "/mnt/a b"
mount $(disk ide)1 /mnt/ide
mount $(disk scsi) /mnt/scsi
mount $(disk nvme) /mnt/nvme
mount /dev/mapper/bed-linear /mnt/dm
mount -o ro $loop /mnt/loop
mount --bind /mnt/scsi "/mnt/a b"
udevadm settle
"""

_LIFT = """
for each in "a b" ide scsi nvme dm loop; do
    umount "/mnt/$each"
done
/sbin/losetup -D
dmsetup remove --retry bed-linear
rm -f /data/loop
"""


class DisksTests(ComparingCase, SynchronousTestCase):
    """
    IDE, SCSI, NVMe, and virtio behind a bridge; a partition, a mapped device, a loop; btrfs.

    The cloud kernel has no AHCI, no USB and no sym53c8xx.
    """

    systemd: ClassVar[bool] = True

    def test_disks(self) -> None:
        """
        Disks and partitions, what they depend on, where they are, and what is mounted from them.
        """
        self.addCleanup(self.machine.side.run, _LIFT)
        self.machine.side.check(f"set -e; {_LAY}")
        names = self.machine.side.check("lsblk -dno SERIAL,NAME | awk '/^bed-/'").split()
        node = {
            serial: f"/dev/{name}" for serial, name in zip(names[::2], names[1::2], strict=True)
        }
        self.disks(node)
        self.filesystems()
        self.activity(node)

    def disks(self, node: Mapping[str, str]) -> None:
        said = self.alike("guest-get-disks")
        found = {each["name"]: each for each in said}
        for serial, bus in (
            ("bed-ide", "ide"),
            ("bed-scsi", "scsi"),
            ("bed-nvme", "nvme"),
            ("bed-bridged", "virtio"),
        ):
            address = found[node[serial]]["address"]
            self.assertEqual((address["bus-type"], serial in address["serial"]), (bus, True))
        part = found[node["bed-ide"] + "1"]
        self.assertEqual((part["partition"], part["dependencies"]), (True, [node["bed-ide"]]))
        self.assertEqual(found[node["bed-nvme"]]["smart"]["type"], "nvme")
        mapped = next(each for each in said if each.get("alias") == "bed-linear")
        self.assertEqual(
            sorted(mapped["dependencies"]), sorted((node["bed-bridged"], node["bed-ide"] + "2"))
        )

    def filesystems(self) -> None:
        found = {each["mountpoint"]: each for each in self.alike("guest-get-fsinfo")}
        below = {
            where: sorted(disk["bus-type"] for disk in each["disk"])
            for where, each in found.items()
            if where.startswith("/mnt/")
        }
        expected = {"ide": ["ide"], "scsi": ["scsi"], "nvme": ["nvme"], "dm": ["ide", "virtio"]}
        # a loop has no disk below it, and of a disk that is mounted twice the first place counts
        self.assertEqual(
            below, {f"/mnt/{at}": each for at, each in {**expected, "loop": []}.items()}
        )
        self.assertEqual(found["/mnt/nvme"]["type"], "btrfs")
        self.assertEqual(found["/mnt/scsi"]["disk"][0]["unit"], 3)

    def activity(self, node: Mapping[str, str]) -> None:
        names = {each["name"] for each in self.alike("guest-get-diskstats")}
        disks = {path.removeprefix("/dev/") for path in node.values()}
        self.assertLessEqual({"dm-0", "loop0"} | disks, names)
