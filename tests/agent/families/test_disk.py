"""guest-get-fsinfo, guest-get-disks, guest-get-diskstats and guest-fstrim."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._disk import Disk


class DiskTests(AskingTests):
    def test_disks(self) -> None:
        """
        Filesystems, disks and what they did are those of the platform. A disk that hangs holds up
        whoever asks, not the agent: its programs go on, and it can be ended.
        """
        family = Disk(self.platform)
        self.assertEqual(self.ask(family, "guest-get-diskstats"), self.platform.disk_activity())
        self.blocking = True
        self.assertEqual(self.ask(family, "guest-get-fsinfo"), self.platform.filesystems())
        self.assertEqual(self.ask(family, "guest-get-disks"), self.platform.disks())

    def test_trim(self) -> None:
        """
        All is trimmed, in extents that may be as small as they are.
        """
        self.blocking = True
        paths = [{"path": "/mnt", "error": "trim not supported"}]
        self.platform.tell(trim={"paths": paths})
        self.assertEqual(self.ask(Disk(self.platform), "guest-fstrim"), {"paths": paths})
        self.ask(Disk(self.platform), "guest-fstrim", minimum=4096)
        self.assertEqual(self.platform.done, [("trim", 0), ("trim", 4096)])
