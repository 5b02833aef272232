"""A file of lines that are on disk when they are said to be."""

import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._folder import FolderError
from txqga.mux.leases import _log_file
from txqga.mux.leases._log_file import HEADER, LogFile


class LogFileTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.path = Path(home.name) / "freezes.jsonl"

    def open(self) -> tuple[LogFile, list[bytes]]:
        found: list[bytes] = []
        file = LogFile(self.path)
        file.open(found.append)
        self.addCleanup(file.close)
        return file, found

    def refused(self) -> str:
        return str(self.assertRaises(FolderError, self.open))

    def test_new(self) -> None:
        """
        A new file says what it is, and is ours alone.
        """
        self.open()
        self.assertEqual(self.path.read_bytes(), HEADER)
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)

    def test_lines(self) -> None:
        """
        What was written is there the next time.
        """
        file, _ = self.open()
        file.append([b"one\n", b"two\n"])
        file.append([b"three\n"])
        file.close()
        again, found = self.open()
        self.assertEqual((found, again.lines), ([b"one\n", b"two\n", b"three\n"], 3))

    @given(st.integers(0, len(HEADER + b"one\ntwo\n")))
    def test_torn(self, octets: int) -> None:
        """
        Wherever the file was torn, what is whole is there, and what follows is read.
        """
        whole = HEADER + b"one\ntwo\n"
        self.path.write_bytes(whole[:octets])
        file, found = self.open()
        file.append([b"three\n"])
        file.close()
        again, then = self.open()
        again.close()
        kept = max(0, whole[:octets].count(b"\n") - 1)
        self.assertEqual(found, [b"one\n", b"two\n"][:kept])
        self.assertEqual(then, [*found, b"three\n"])

    def test_foreign(self) -> None:
        """
        What is something else is left alone.
        """
        for octets in (b"hello", b"hello\nworld\n", b"\n", b"\0" * 100, b"{}\n"):
            self.path.write_bytes(octets)
            self.assertIn("is no journal of freezes", self.refused())
            self.assertEqual(self.path.read_bytes(), octets)

    def test_newer(self) -> None:
        """
        What a later version has written is left to that.
        """
        self.path.write_bytes(b'{"txqga": "freezes", "version": 2}\n{}\n')
        self.assertIn("newer than this one: version 2", self.refused())

    def test_too_large(self) -> None:
        """
        What is far too large is something else.
        """
        self.patch(_log_file, "_LONGEST", 10)
        self.path.write_bytes(HEADER)
        self.assertIn("octets", self.refused())

    def test_cannot(self) -> None:
        """
        What cannot be opened is told with the reason.
        """
        self.path.mkdir()
        self.assertIn("Is a directory", self.refused())

    def test_disk_full(self) -> None:
        """
        What was half written is taken back.
        """
        file, _ = self.open()
        file.append([b"one\n"])
        write = os.write

        def half(fd: int, octets: memoryview) -> int:
            self.patch(os, "write", full)
            return write(fd, octets[:2])

        def full(fd: int, octets: memoryview) -> int:
            raise OSError(28, "No space left on device")

        self.patch(os, "write", half)
        self.assertRaises(OSError, file.append, [b"two\n"])
        self.patch(os, "write", write)
        self.assertEqual(self.path.read_bytes(), HEADER + b"one\n")
        file.append([b"three\n"])
        self.assertEqual(self.open()[1], [b"one\n", b"three\n"])

    def test_renew(self) -> None:
        """
        Written anew, the file has what matters; what it was is beside it.
        """
        file, _ = self.open()
        for lines in ([b"one\n"], [b"two\n"]):
            file.append(lines)
        file.renew([b"two\n"])
        file.append([b"three\n"])
        file.renew([b"three\n"])
        self.assertEqual((self.open()[1], file.lines), ([b"three\n"], 1))
        old = self.path.with_suffix(".old")
        self.assertEqual(old.read_bytes(), HEADER + b"two\nthree\n")
        self.assertEqual(
            {each.name for each in self.path.parent.iterdir()}, {"freezes.jsonl", "freezes.old"}
        )

    def test_cannot_renew(self) -> None:
        """
        Where there is no room for the file written anew, it is as it was, and nothing lies about.
        """
        file, _ = self.open()
        file.append([b"one\n"])

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        self.patch(os, "fsync", full)
        self.assertRaises(OSError, file.renew, [])
        self.assertEqual([*self.path.parent.iterdir()], [self.path])
        self.assertEqual(self.open()[1], [b"one\n"])

    def test_close(self) -> None:
        """
        A file may be closed twice.
        """
        file, _ = self.open()
        file.close()
        file.close()
