"""Time since the host was booted."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux.leases import _boot
from txqga.mux.leases._boot import boot_id, boot_time


class BootTests(SynchronousTestCase):
    def test_time(self) -> None:
        """
        It goes on, and begins with the host.
        """
        before = boot_time()
        self.assertGreater(before, 0)
        self.assertGreaterEqual(boot_time(), before)
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        self.assertGreaterEqual(uptime + 1, before)

    def test_id(self) -> None:
        """
        A boot is known by its id, where the system tells.
        """
        self.assertEqual(boot_id(), Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        self.patch(_boot, "_BOOT_ID", Path("/proc/no such file"))
        self.assertEqual(boot_id(), "")
