"""Filesystems frozen and thawed by ioctl, none of them real."""

import errno
import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.families._children import open_files
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform import Mounted
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._freezing import (
    FIFREEZE,
    FITHAW,
    freeze,
    mounted,
    thaw,
    thaw_at,
)
from txqga.errors import CommandFailed

DATA = Mounted("/data", "8:2")


class FreezingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp()).folder("/data")
        self.device = (8, 2)
        self.frozen = 0  # how often
        self.fault = 0  # errno of the next ioctl
        self.calls = Calls(stat=self.stat, ioctl=self.ioctl)
        self.files = open_files()

    def stat(self, path: bytes) -> os.stat_result:
        found = Path(os.fsdecode(path)).stat()
        return os.stat_result((*found[:2], os.makedev(*self.device), *found[3:10]))

    def ioctl(self, file: int, request: int, argument: bytearray) -> int:
        self.assertTrue(os.path.samestat(os.fstat(file), self.machine.at("/data").stat()))
        self.assertEqual(len(argument), 4)
        if self.fault:
            raise OSError(self.fault, os.strerror(self.fault))
        if request == FITHAW:
            if not self.frozen:
                raise OSError(errno.EINVAL, "Invalid argument")
            self.frozen -= 1
        else:
            self.assertEqual(request, FIFREEZE)
            self.frozen += 1
        return 0

    def freeze(self) -> int | None:
        return freeze(self.machine.tree, self.calls, DATA)

    def test_freeze_and_thaw(self) -> None:
        """
        A filesystem stays open while it is frozen, and no longer.
        """
        file = self.freeze()
        assert file is not None
        self.assertEqual((self.frozen, open_files()), (1, self.files + 1))
        self.assertFalse(os.get_inheritable(file))
        self.assertTrue(thaw(self.calls, file))
        self.assertEqual((self.frozen, open_files()), (0, self.files))

    def test_again_and_again(self) -> None:
        """
        What was frozen more than once is thawed as often, and is one filesystem.
        """
        self.frozen = 3
        self.assertTrue(thaw_at(self.machine.tree, self.calls, DATA))
        self.assertEqual(self.frozen, 0)
        self.assertFalse(thaw_at(self.machine.tree, self.calls, DATA))
        self.assertEqual(open_files(), self.files)

    def test_stays_frozen(self) -> None:
        """
        One that is frozen and cannot be thawed is an error, whoever froze it.
        """
        file = self.freeze()
        assert file is not None
        self.fault = errno.EIO
        self.assertRaises(OSError, thaw, self.calls, file)
        self.assertRaises(OSError, thaw_at, self.machine.tree, self.calls, DATA)
        for self.fault in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTTY, errno.EPERM):
            self.assertFalse(thaw_at(self.machine.tree, self.calls, DATA))
        self.assertEqual(open_files(), self.files)

    def test_covered(self) -> None:
        """
        What another filesystem covers is not thawed in its place.
        """
        self.frozen = 1
        self.device = (8, 1)
        self.assertFalse(thaw_at(self.machine.tree, self.calls, DATA))
        self.assertEqual((self.frozen, open_files()), (1, self.files))

    def test_left_out(self) -> None:
        """
        What cannot be frozen, or is already, is no failure.
        """
        for self.fault in (errno.EBUSY, errno.EOPNOTSUPP):
            self.assertIsNone(self.freeze())
        self.assertEqual(open_files(), self.files)

    def test_refused(self) -> None:
        """
        Other errors are told, with the folder.
        """
        self.fault = errno.EIO
        why = self.assertRaises(CommandFailed, self.freeze)
        self.assertEqual(why.desc, "failed to freeze /data: Input/output error")
        self.assertEqual(open_files(), self.files)

    def test_gone(self) -> None:
        """
        One that was unmounted since is passed over: what is there now is another one.
        """
        self.device = (8, 1)
        self.assertIsNone(self.freeze())
        self.assertEqual((self.frozen, open_files()), (0, self.files))

    def test_btrfs(self) -> None:
        """
        A subvolume has a number of its own, which belongs to no device.
        """
        self.device = (0, 44)
        file = self.freeze()
        assert file is not None
        self.assertTrue(thaw(self.calls, file))

    def test_no_folder(self) -> None:
        """
        A folder that is not there any more is an error of the freeze, and of no thaw.
        """
        self.machine.at("/data").rmdir()
        why = self.assertRaises(CommandFailed, self.freeze)
        self.assertEqual(why.desc, "failed to open /data: No such file or directory")
        self.assertFalse(thaw_at(self.machine.tree, self.calls, DATA))

    def test_list(self) -> None:
        """
        What can be frozen has a folder, and the number of its device.
        """
        line = "27 1 8:2 / /data rw - ext4 /dev/sda2 rw\n28 1 0:5 / /run rw - tmpfs tmpfs rw\n"
        self.machine.file("/proc/self/mountinfo", line)
        self.assertEqual(mounted(self.machine.tree, self.calls), [DATA])
