"""Which filesystems lie on devices."""

import os
import stat

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._mounts import (
    MOUNTINFO,
    MOUNTS,
    Line,
    Mount,
    mounts,
    parse_mountinfo,
    parse_mounts,
)
from txqga.errors import CommandFailed


def status(mode: int, device: tuple[int, int] = (0, 0)) -> os.stat_result:
    """What ``os.stat`` says of a device."""
    return os.stat_result(
        (mode, *[0] * 9), {"st_rdev": os.makedev(*device), "st_blksize": 0, "st_blocks": 0}
    )


class Sources:
    """What paths are, as far as mounting goes."""

    def __init__(self, root: str) -> None:
        self._known = {
            "/dev/sda1": status(stat.S_IFBLK, (8, 1)),
            "/dev/sdb": status(stat.S_IFBLK, (8, 16)),
            "/dev/null": status(stat.S_IFCHR, (1, 3)),
            "/home": status(stat.S_IFDIR),
        }
        self._root = root

    def status(self, path: bytes) -> os.stat_result:
        found = self._known.get(path.decode().removeprefix(self._root))
        if found is None:
            raise FileNotFoundError(path)
        return found


class MountsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def found(self) -> list[Mount]:
        return mounts(self.machine.tree, Sources(str(self.machine.root)).status)

    def folders(self) -> list[tuple[tuple[int, int], str]]:
        return [(each.device, each.folder) for each in self.found()]

    def test_devices(self) -> None:
        """
        What lies on a device counts, in the order of mounting; what lies in memory does not.
        """
        self.machine.file(
            MOUNTINFO,
            "22 27 0:21 / /proc rw shared:1 - proc proc rw\n"
            "27 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
            "28 27 0:30 / /srv rw - nfs host:/srv rw\n"
            "29 27 7:0 / /snap ro - squashfs /dev/loop0 ro\n",
        )
        self.assertEqual(
            self.found(),
            [
                Mount(device=(8, 1), folder="/", type="ext4"),
                Mount(device=(7, 0), folder="/snap", type="squashfs"),
            ],
        )

    def test_once(self) -> None:
        """
        A device that is mounted twice counts once, where it was mounted first.
        """
        self.machine.file(
            MOUNTINFO,
            "27 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
            "28 27 8:16 / /data rw - xfs /dev/sdb rw\n"
            "29 27 8:1 /home /export rw - ext4 /dev/sda1 rw\n",
        )
        self.assertEqual(self.folders(), [((8, 1), "/"), ((8, 16), "/data")])

    def test_btrfs(self) -> None:
        """
        A subvolume of btrfs counts by the device it lies on.
        """
        self.machine.file(
            MOUNTINFO,
            "27 1 0:40 /@ / rw - btrfs /dev/sda1 rw\n"
            "28 27 0:40 /@home /home rw - btrfs /dev/sda1 rw\n"
            "29 27 0:41 / /gone rw - btrfs /dev/sdz rw\n"
            "30 27 0:42 / /odd rw - btrfs /dev/null rw\n"
            "31 27 0:43 / /other rw - tmpfs /dev/sdb rw\n",
        )
        self.assertEqual(self.folders(), [((8, 1), "/")])

    def test_other_list(self) -> None:
        """
        Without the better list, the sources of the other one are looked at.
        """
        self.machine.file(
            MOUNTS,
            "/dev/sda1 / ext4 rw 0 0\n"
            "/dev/sda1 /again ext4 rw 0 0\n"
            "tmpfs /tmp tmpfs rw 0 0\n"
            "//host/share /smb cifs rw 0 0\n"
            "/home /bound none rw,bind 0 0\n"
            "/gone /x\\040y ext4 rw 0 0\n"
            "/dev/null /second\\040unknown ext4 rw 0 0\n",
        )
        self.assertEqual(self.folders(), [((8, 1), "/"), ((0, 0), "/x y")])

    def test_no_list(self) -> None:
        """
        Without any list it is an error.
        """
        failed = self.assertRaises(CommandFailed, self.found)
        self.assertEqual(failed.desc, "failed to open mtab file: '/proc/self/mounts'")


class LinesTests(SynchronousTestCase):
    def folder(self, escaped: str) -> str:
        (line,) = parse_mountinfo(f"27 1 8:1 / {escaped} rw - ext4 /dev/sda1 rw".encode())
        return line.folder

    def test_escapes(self) -> None:
        """
        Blanks and the like are escaped; what is no escape is left as it is.
        """
        for escaped, folder in (
            (r"/a\040b\011c\012d", "/a b\tc\nd"),
            (r"/a\134b\\c", r"/a\b\c"),
            (r"/a\477\08\x", r"/a\477\08\x"),
            (r"/caf\351", "/caf\udce9"),
            ("/café", "/café"),
        ):
            self.assertEqual(self.folder(escaped), folder, escaped)

    def test_mountinfo(self) -> None:
        """
        A line has any number of optional words; one that cannot be read is passed over.
        """
        octets = b"""\
27 1 8:1 / / rw shared:1 master:2 - ext4 /dev/sda1 rw
28 1 8:2 / /none rw -  ext4  /dev/sda2 rw
29 1 8:3 / /no-separator rw
30 1 x:y / /no-device rw - ext4 /dev/sda1 rw
31 1 8:5 / /nothing-behind rw - ext4
words

"""
        self.assertEqual(
            list(parse_mountinfo(octets)),
            [
                Line(folder="/", type="ext4", source="/dev/sda1", device=(8, 1)),
                Line(folder="/none", type="ext4", source="/dev/sda2", device=(8, 2)),
            ],
        )

    def test_separators(self) -> None:
        """
        What the kernel does not escape in a path separates nothing: whoever may mount something
        cannot make up a line of the list, or spoil one.
        """
        path = "/a\r28\x0c1\x0b8:2\x0c/\x0c/b\x0crw\x0c-\x0cext4\x0c/dev/sda2\x85"
        self.assertEqual(self.folder(path), path)
        self.assertEqual(
            list(parse_mounts(f"/dev/sda1 {path} ext4 rw 0 0\n".encode())),
            [Line(folder=path, type="ext4", source="/dev/sda1")],
        )

    def test_mounts(self) -> None:
        """
        The other list begins with the source.
        """
        self.assertEqual(
            list(parse_mounts(b"/dev/a\\040b /mnt ext4 rw 0 0\nx y\n\n")),
            [Line(folder="/mnt", type="ext4", source="/dev/a b")],
        )
