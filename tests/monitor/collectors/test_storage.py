"""Filesystems and disks."""

from typing import Any

from tests.monitor.collectors._case import ODD_TEXTS, CollectorCase
from txqga.monitor._draft import Draft
from txqga.monitor._figures import FILESYSTEM_USED
from txqga.monitor.collectors._storage import disks, diskstats, filesystems

ROOT: dict[str, Any] = {
    "name": "vda1",
    "mountpoint": "/",
    "type": "ext4",
    "disk": [],
    "used-bytes": 300,
    "total-bytes": 950,
}


class StorageTests(CollectorCase):
    def test_filesystems(self) -> None:
        """
        The whole size counts root's reserve, what is available does not.
        """
        said = [{**ROOT, "total-bytes-privileged": 1000}]
        self.assertEqual(
            self.read(filesystems, said),
            {
                "qga_guest_filesystem_size_bytes vda1 / ext4": 1000,
                "qga_guest_filesystem_used_bytes vda1 / ext4": 300,
                "qga_guest_filesystem_avail_bytes vda1 / ext4": 650,
            },
        )

    def test_older_agent(self) -> None:
        """
        Agents before 9.1 do not tell the reserve, and some filesystems nothing at all.
        """
        bare = {"name": "sr0", "mountpoint": "/mnt", "type": "iso9660", "disk": []}
        told = self.read(filesystems, [ROOT, bare])
        self.assertEqual(told["qga_guest_filesystem_size_bytes vda1 / ext4"], 950)
        self.assertEqual(len(told), 3)

    def test_below_nothing(self) -> None:
        """
        Of a filesystem whose size cannot be nothing is made up: it has not 0 octets left.
        """
        draft = Draft()
        filesystems([{**ROOT, "total-bytes": -1}], draft)
        self.assertEqual([each.figure for each in draft.samples], [FILESYSTEM_USED])
        self.assertEqual(draft.nonsense, 1)

    def test_disks(self) -> None:
        """
        The command and the file tell the same, in octets and seconds.
        """
        stats = {
            "read-ios": 10,
            "read-merges": 1,
            "read-sectors": 20,
            "read-ticks": 3000,
            "write-ios": 40,
            "write-sectors": 60,
            "write-ticks": 7000,
            "ios-pgr": 2,
            "total-ticks": 9000,
        }
        said = [{"name": "vda", "major": 254, "minor": 0, "stats": stats}]
        file = (
            "   7       0 loop0 1 1 1 1 1 1 1 1 1 1 1\n"
            " 254       0 vda 10 1 20 3000 40 5 60 7000 2 9000 10000\n"
        )
        told = {
            "qga_guest_disk_reads_completed_total vda": 10,
            "qga_guest_disk_read_bytes_total vda": 20 * 512,
            "qga_guest_disk_read_time_seconds_total vda": 3,
            "qga_guest_disk_writes_completed_total vda": 40,
            "qga_guest_disk_written_bytes_total vda": 60 * 512,
            "qga_guest_disk_write_time_seconds_total vda": 7,
            "qga_guest_disk_io_now vda": 2,
            "qga_guest_disk_io_time_seconds_total vda": 9,
        }
        self.assertEqual(self.read(disks, said), told)
        self.assertEqual(self.read(diskstats, file), told)

    def test_odd(self) -> None:
        """
        Whatever a guest says, nothing is made of it.
        """
        self.bears(filesystems)
        self.bears(disks)
        self.bears(diskstats, odd=[*ODD_TEXTS, "254 0 vda" + " x" * 11])
