"""guest-get-fsinfo, guest-get-disks and guest-get-diskstats."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._disk import Disk


class DiskTests(AskingTests):
    def test_disks(self) -> None:
        """
        Filesystems, disks and what they did are those of the platform.
        """
        family = Disk(self.platform)
        self.assertEqual(self.ask(family, "guest-get-fsinfo"), self.platform.filesystems())
        self.assertEqual(self.ask(family, "guest-get-disks"), self.platform.disks())
        self.assertEqual(self.ask(family, "guest-get-diskstats"), self.platform.disk_activity())
