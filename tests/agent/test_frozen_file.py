"""What is remembered of a freeze."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._frozen_file import FrozenFile, Remembered, boot_id


class FrozenFileTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.path = self.folder / "qga.state.isfrozen"
        self.file = self.of("this")

    def of(self, boot: str) -> FrozenFile:
        return FrozenFile(str(self.folder), boot)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def test_nothing(self) -> None:
        """
        Where there is no file nothing is frozen.
        """
        self.assertIsNone(self.file.load())
        self.assertFalse(self.file.is_frozen())
        self.file.thawed()
        self.file.told()

    def test_frozen(self) -> None:
        """
        A freeze is remembered with its times, until it has ended.
        """
        self.file.frozen(1.5, 601.5)
        self.assertEqual(self.of("this").load(), Remembered(since=1.5, until=601.5))
        self.assertTrue(self.file.is_frozen())
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)
        self.file.frozen(1.5, None)
        self.assertEqual(self.file.load(), Remembered(since=1.5, until=None))
        self.assertEqual(self.names(), ["qga.state.isfrozen"])
        self.file.thawed()
        self.assertEqual(self.names(), [])

    def test_another_start(self) -> None:
        """
        What another start of the machine left means nothing, and goes.
        """
        self.file.frozen(1, 2)
        self.file.lapsed(3)
        self.assertIsNone(self.of("another").load())
        self.assertEqual(self.names(), [])

    def test_lapsed(self) -> None:
        """
        That it ended by itself is remembered until somebody was told; a freeze goes before it.
        """
        self.file.lapsed(600)
        self.assertEqual(self.file.load(), Remembered(lapsed=600))
        self.assertFalse(self.file.is_frozen())
        self.file.frozen(1, 2)
        self.assertTrue(self.file.is_frozen())
        self.file.thawed()
        self.file.told()
        self.assertIsNone(self.file.load())

    def test_of_qemu_ga(self) -> None:
        """
        ``qemu-ga`` leaves an empty file, which says that filesystems are frozen and no more.
        """
        self.path.touch()
        self.assertEqual(self.file.load(), Remembered())
        self.assertTrue(self.file.is_frozen())

    def test_nonsense(self) -> None:
        """
        Whatever the file holds, or is: rather frozen than not.
        """
        for content in (
            b"\xff\xff",
            b"no key file",
            b"[freeze]\nboot=this\nsince=yesterday\nuntil=nan\n",
            b"[freeze]\nboot=this\nuntil=inf\n",
        ):
            self.path.write_bytes(content)
            self.assertEqual(self.file.load(), Remembered(), content)
        self.path.unlink()
        self.path.mkdir()
        self.assertEqual(self.file.load(), Remembered())

    def test_unsaid(self) -> None:
        """
        A file that does not say how long a freeze had lasted says nothing.
        """
        (self.folder / "qga.state.lapsed").touch()
        self.assertIsNone(self.file.load())

    def test_no_folder(self) -> None:
        """
        What cannot be written down is an error, and leaves nothing behind.
        """
        self.assertRaises(OSError, FrozenFile("/nonexistent", "this").frozen, 1, 2)
        self.path.mkdir()
        (self.path / "x").touch()
        self.assertRaises(OSError, self.file.frozen, 1, 2)
        self.assertEqual(self.names(), ["qga.state.isfrozen"])

    def test_absolute(self) -> None:
        """
        A daemon that has left its folder finds the file again.
        """
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            file = FrozenFile(".", "this")
        finally:
            os.chdir(here)
        file.frozen(1, 2)
        self.assertEqual(self.names(), ["qga.state.isfrozen"])


class BootTests(SynchronousTestCase):
    def test_boot(self) -> None:
        """
        A start of the machine has a name, which does not change.
        """
        self.assertRegex(boot_id(), "^[0-9a-f-]{36}$")
        self.assertEqual(boot_id(), boot_id())
