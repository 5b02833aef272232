"""Where octets go on this side."""

import hashlib
import io
import os
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path

from tests.files._case import FilesCase, open_files
from txqga.files._target import FileTarget, Target, path_target, stream_target


class TargetTests(FilesCase):
    def target(self, name: str = "a") -> Target:
        target = path_target(self.here / name)
        self.addCleanup(target.close)
        return target

    def test_appears_whole(self) -> None:
        """
        A file appears when it is whole, with its mode and its time; until then nobody else may
        read it.
        """
        target = self.target()
        self.assertEqual(target.open(resume=False), 0)
        target.take(b"hello")
        (part,) = self.names
        self.assertEqual((self.here / part).stat().st_mode & 0o777, 0o600)
        self.assertTrue(part.startswith(".a."))
        target.settle(0o4751, 5 * 10**9)
        self.assertEqual(self.names, ["a"])
        found = (self.here / "a").stat()
        self.assertEqual((found.st_mode & 0o7777, found.st_mtime_ns), (0o751, 5 * 10**9))
        self.assertEqual(target.made.hexdigest(), hashlib.sha256(b"hello").hexdigest())
        target.give_up()
        self.assertEqual((self.here / "a").read_bytes(), b"hello")

    def test_usual_mode(self) -> None:
        """
        Without a wish the file has the mode that it had, or that any new file has.
        """
        (self.here / "a").write_bytes(b"old")
        (self.here / "a").chmod(0o640)
        (self.here / "new").write_bytes(b"")
        usual = (self.here / "new").stat().st_mode
        for name, mode in (("a", 0o100640), ("b", usual)):
            target = self.target(name)
            target.open(resume=False)
            target.settle(None, None)
            self.assertEqual((self.here / name).stat().st_mode, mode)

    def test_given_up(self) -> None:
        """
        What was there before is left as it was, and nothing of ours stays.
        """
        (self.here / "a").write_bytes(b"old")
        target = self.target()
        target.open(resume=False)
        target.take(b"hello")
        target.give_up()
        self.assertEqual((self.names, (self.here / "a").read_bytes()), (["a"], b"old"))

    def test_resumed(self) -> None:
        """
        What shall be resumed stays, and is gone on with.
        """
        target = self.target()
        self.assertEqual(target.open(resume=True), 0)
        target.take(b"hello")
        target.give_up()
        target.close()
        target = self.target()
        self.assertEqual(target.open(resume=True), 5)
        self.assertEqual(target.made.hexdigest(), hashlib.sha256(b"hello").hexdigest())
        target.take(b" world")
        target.settle(None, None)
        self.assertEqual((self.here / "a").read_bytes(), b"hello world")
        target = self.target()
        target.open(resume=True)
        target.take(b"xxxxxxx")
        target.begin_anew()
        target.take(b"good")
        target.settle(None, None)
        self.assertEqual((self.names, (self.here / "a").read_bytes()), (["a"], b"good"))

    def test_adopted(self) -> None:
        """
        A file that is as large may be the copy already; if it is not, it is replaced.
        """
        (self.here / "a").write_bytes(b"hello")
        target = self.target()
        self.assertTrue(target.adopt(5))
        self.assertEqual(target.made.hexdigest(), hashlib.sha256(b"hello").hexdigest())
        target.settle(0o600, 7)
        found = (self.here / "a").stat()
        self.assertEqual((found.st_mode & 0o777, found.st_mtime_ns), (0o600, 7))
        for size, adopted in ((5, True), (6, False)):
            target = self.target()
            self.assertIs(target.adopt(size), adopted)
            target.open(resume=True)
            target.take(b"other")
            target.settle(None, None)
            self.assertEqual((self.names, (self.here / "a").read_bytes()), (["a"], b"other"))
        self.assertFalse(self.target("x").adopt(5))
        self.assertFalse(stream_target(io.BytesIO()).adopt(5))

    def test_planted(self) -> None:
        """
        A link that somebody has put where we write is not followed.
        """
        (self.here / "victim").write_bytes(b"old")
        for make in (os.symlink, os.link):
            part = self.here / ".a.txqga-part"
            make(self.here / "victim", part)
            self.assertRaises(OSError, self.target().open, resume=True)
            part.unlink()
        self.assertEqual((self.here / "victim").read_bytes(), b"old")

    def test_link(self) -> None:
        """
        Of a link that somebody named the file behind it is replaced, and the link stays.
        """
        (self.here / "real").write_bytes(b"old")
        (self.here / "a").symlink_to("real")
        target = self.target()
        target.open(resume=False)
        target.take(b"new")
        target.settle(None, None)
        self.assertTrue((self.here / "a").is_symlink())
        self.assertEqual((self.here / "real").read_bytes(), b"new")

    def test_device(self) -> None:
        """
        A device or pipe is written to, and stays what it is.
        """
        target = path_target("/dev/null")
        self.addCleanup(target.close)
        self.assertEqual((target.open(resume=True), target.in_place), (0, True))
        target.take(b"hello")
        target.settle(0o600, 5)
        target.give_up()
        self.assertEqual(Path("/dev/null").stat().st_mode & 0o777, 0o666)

    def test_no_target(self) -> None:
        """
        A folder is no file; what is in no folder neither. No descriptor stays open.
        """
        before = open_files()
        self.assertRaises(IsADirectoryError, path_target, self.here)
        self.assertRaises(FileNotFoundError, path_target, self.here / "x" / "y")
        target = path_target(self.here / "a")
        target.open(resume=False)
        target.give_up()
        target.close()
        target.close()
        self.assertEqual(open_files(), before)

    def test_room(self) -> None:
        """
        What there is no room for is not begun.
        """
        target = self.target()
        target.open(resume=False)
        target.room(1)
        self.assertEqual(self.assertRaises(OSError, target.room, 1 << 62).errno, ENOSPC)

    def test_folder(self) -> None:
        """
        A file is put into the folder that was opened, whatever became of that folder's name.
        """
        (self.here / "d").mkdir()
        folder = os.open(self.here / "d", os.O_RDONLY)
        self.addCleanup(os.close, folder)
        (self.here / "d").rename(self.here / "e")
        (self.here / "d").symlink_to("/etc")
        target = FileTarget(folder, "a")
        target.open(resume=False)
        target.settle(None, None)
        target.close()
        self.assertTrue((self.here / "e" / "a").exists())

    def test_stream(self) -> None:
        """
        A stream is given what comes, and not closed.
        """
        stream = io.BytesIO()
        target = stream_target(stream)
        self.assertEqual((target.open(resume=True), target.in_place), (0, True))
        target.begin_anew()
        target.room(1 << 62)
        target.take(b"hello")
        target.settle(None, None)
        target.give_up()
        target.close()
        self.assertEqual(stream.getvalue(), b"hello")

    def test_little_at_a_time(self) -> None:
        """
        A stream that takes some of what it is given, as raw files do, is given the rest; one that
        takes nothing is an error, and one that does not say how much has taken all.
        """
        taken = bytearray()

        def some(data: bytes) -> int:
            taken.extend(data[:3])
            return len(data[:3])

        def every(data: bytes) -> None:
            taken.extend(data)

        for write in (some, every):
            taken.clear()
            stream_target(Written(write)).take(b"hello world")
            self.assertEqual(taken, b"hello world")
        with self.assertRaises(OSError):
            stream_target(Written(lambda data: 0)).take(b"hello")


class Written:
    """A stream that is written by a function."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.write = write
