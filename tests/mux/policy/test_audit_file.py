"""The file that the audit is written to."""

import errno
import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CannotStart
from txqga.mux.policy import _audit_file
from txqga.mux.policy._audit_file import AuditFile


class AuditFileTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.path = self.folder / "audit"

    def open(self) -> AuditFile:
        file = AuditFile(self.path)
        self.addCleanup(file.close)
        return file

    def test_append(self) -> None:
        """
        Lines are written behind what is there; nobody else may read them.
        """
        self.open().append([b"a\n"])
        self.open().append([b"b\n"])
        self.assertEqual(self.path.read_bytes(), b"a\nb\n")
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)

    def test_moved(self) -> None:
        """
        When the file was moved, or removed, the next line goes to a new one.
        """
        file = self.open()
        file.append([b"a\n"])
        self.path.rename(self.folder / "audit.1")
        file.append([b"b\n"])
        self.assertEqual((self.folder / "audit.1").read_bytes(), b"a\n")
        self.assertEqual(self.path.read_bytes(), b"b\n")
        self.path.unlink()
        file.append([b"c\n"])
        self.assertEqual(self.path.read_bytes(), b"c\n")

    def test_cut_short(self) -> None:
        """
        A file that was copied and cut short is written on from its beginning.
        """
        file = self.open()
        file.append([b"a\n"])
        os.truncate(self.path, 0)
        file.append([b"b\n"])
        self.assertEqual(self.path.read_bytes(), b"b\n")

    def test_cannot_open(self) -> None:
        """
        What cannot be written is told at the start.
        """
        self.path.mkdir()
        why = self.assertRaises(CannotStart, AuditFile, self.path)
        self.assertEqual(str(why), f"--audit: {self.path}: Is a directory")

    def test_no_file(self) -> None:
        """
        A link, or what is no file, is none.
        """
        os.mkfifo(self.path)
        self.assertRaises(CannotStart, AuditFile, self.path)
        link = self.folder / "link"
        link.symlink_to(self.folder / "elsewhere")
        self.assertRaises(CannotStart, AuditFile, link)
        self.assertFalse((self.folder / "elsewhere").exists())

    def test_cannot_open_again(self) -> None:
        """
        When the folder has gone, lines are refused until it is back.
        """
        file = self.open()
        gone = self.folder.with_name("gone")
        self.folder.rename(gone)
        self.assertRaises(OSError, file.append, [b"a\n"])
        gone.rename(self.folder)
        file.append([b"b\n"])
        self.assertEqual(self.path.read_bytes(), b"b\n")

    def test_torn(self) -> None:
        """
        After a line that was written in part, the next one begins on its own; how many were
        written whole is told, so that none is written twice.
        """
        file = self.open()

        class FullDisk:
            def __init__(self) -> None:
                self.room = 3

            def __getattr__(self, name: str) -> object:
                return getattr(os, name)

            def write(self, fd: int, data: bytes) -> int:
                if not self.room:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                count = os.write(fd, data[: self.room])
                self.room -= count
                return count

        disk = FullDisk()
        self.patch(_audit_file, "os", disk)
        self.assertRaises(OSError, file.append, [b"aaaaa\n"])
        disk.room = 1000
        file.append([b"bbb\n"])
        file.append([b"ccc\n"])
        self.assertEqual(self.path.read_bytes(), b"aaa\nbbb\nccc\n")
        disk.room = 8
        self.assertEqual(file.append([b"ddd\n", b"eee\n", b"fff\n"]), 2)
        disk.room = 2
        self.assertRaises(OSError, file.append, [b"fff\n", b"ggg\n"])
        disk.room = 1000
        self.assertEqual(file.append([b"fff\n", b"ggg\n"]), 2)
        told = b"ddd\neee\nff\nfff\nggg\n"
        self.assertEqual(self.path.read_bytes(), b"aaa\nbbb\nccc\n" + told)
