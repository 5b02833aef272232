"""``FITRIM``, without the kernel; the texts are those of facts 5.7."""

import errno
import os
import struct
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.families._children import open_files
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux import Calls
from txqga.agent.platform.linux._trim import FITRIM, trim
from txqga.errors import CommandFailed

_MOUNTS = """\
27 1 254:0 / / rw - ext4 /dev/vda rw
28 27 254:1 / /mnt rw - ext4 /dev/vdb rw
29 27 254:1 / /again rw - ext4 /dev/vdb rw
30 27 0:20 / /tmp rw - tmpfs tmpfs rw
"""


class TrimTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp()).folder("/mnt")
        self.machine.file("/proc/self/mountinfo", _MOUNTS)
        self.asked: list[tuple[int, ...]] = []
        self.failure: OSError | None = None
        self.calls = Calls(ioctl=self.ioctl)

    def ioctl(self, file: int, request: int, span: bytearray) -> int:
        self.assertEqual(request, FITRIM)
        self.asked.append(struct.unpack("=QQQ", span))
        if self.failure is not None:
            raise self.failure
        span[:] = struct.pack("=QQQ", 0, 100 + len(self.asked), 512)
        return 0

    def trim(self, minimum: int = 0) -> Any:
        before = open_files()
        result = trim(self.machine.tree, self.calls, minimum)
        self.assertEqual(open_files(), before)
        return result["paths"]

    def test_trimmed(self) -> None:
        """
        Each device is trimmed once, in the order of mounting; the last is told first.
        """
        self.assertEqual(
            self.trim(),
            [
                {"path": "/mnt", "minimum": 512, "trimmed": 102},
                {"path": "/", "minimum": 512, "trimmed": 101},
            ],
        )

    def test_minimum(self) -> None:
        """
        All of a filesystem is trimmed; a negative least extent is a huge one.
        """
        for given, least in ((0, 0), (4096, 4096), (-1, (1 << 64) - 1)):
            self.asked.clear()
            self.trim(given)
            self.assertEqual(self.asked, [(0, (1 << 64) - 1, least)] * 2)

    def test_refused(self) -> None:
        """
        A filesystem that cannot be trimmed says why, and the others are.
        """
        for number, error in (
            (errno.ENOTTY, "trim not supported"),
            (errno.EOPNOTSUPP, "trim not supported"),
            (errno.EIO, "failed to trim: Input/output error"),
        ):
            self.failure = OSError(number, os.strerror(number))
            self.assertEqual(
                self.trim(), [{"path": "/mnt", "error": error}, {"path": "/", "error": error}]
            )

    def test_not_opened(self) -> None:
        """
        What was mounted may be gone again.
        """
        self.machine.at("/mnt").rmdir()
        self.assertEqual(
            self.trim()[0],
            {"path": "/mnt", "error": "failed to open: No such file or directory"},
        )

    def test_pipe(self) -> None:
        """
        A pipe that something is mounted on is not waited for.
        """
        self.machine.at("/mnt").rmdir()
        os.mkfifo(self.machine.at("/mnt"))
        self.assertEqual(self.trim()[0]["path"], "/mnt")

    def test_no_list(self) -> None:
        """
        Without a list of what is mounted nothing is trimmed.
        """
        self.machine.at("/proc/self/mountinfo").unlink()
        failed = self.assertRaises(CommandFailed, self.trim)
        self.assertEqual(failed.desc, "failed to open mtab file: '/proc/self/mounts'")
