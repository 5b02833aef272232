"""Where octets come from on this side."""

import hashlib
import io
import os

from tests.files._case import FilesCase, open_files
from txqga.files._source import Interruptible, path_source, stream_source


class SourceTests(FilesCase):
    def test_file(self) -> None:
        """
        A file has a size, a mode and a time, and can be begun anew.
        """
        path = self.here / "a"
        path.write_bytes(b"hello world")
        path.chmod(0o6750)
        os.utime(path, ns=(5, 7))
        source = path_source(path)
        self.addCleanup(source.close)
        self.assertEqual((source.size, source.mode, source.mtime), (11, 0o750, 7))
        self.assertEqual(source.begins_with(5), hashlib.sha256(b"hello").hexdigest())
        self.assertEqual((source.give(100), source.given), (b" world", 11))
        self.assertEqual(source.made.hexdigest(), hashlib.sha256(b"hello world").hexdigest())
        source.rewind()
        self.assertEqual((source.give(5), source.given), (b"hello", 5))
        self.assertEqual(source.begins_with(50), hashlib.sha256(b"hello world").hexdigest())

    def test_no_file(self) -> None:
        """
        What is not there, or a folder, is no file; no descriptor stays open.
        """
        before = open_files()
        self.assertRaises(FileNotFoundError, path_source, self.here / "a")
        self.assertRaises(IsADirectoryError, path_source, self.here)
        self.assertEqual(open_files(), before)

    def test_stream(self) -> None:
        """
        A stream has no size, and what was read of it is gone.
        """
        stream = io.BytesIO(b"hello")
        source = stream_source(stream)
        self.assertEqual((source.name, source.size, source.mode), ("-", None, None))
        self.assertEqual(source.give(3), b"hel")
        self.assertRaises(OSError, source.rewind)
        self.assertEqual((source.give(3), source.give(3)), (b"lo", b""))
        source.close()
        self.assertFalse(stream.closed)

    def test_ended(self) -> None:
        """
        What has ended is not read again: who types ends it once.
        """
        out, into = os.pipe()
        os.close(into)
        with os.fdopen(out, "rb") as stream:
            typed = iter((b"hello", b"", b"typed to another"))
            read = Interruptible(stream.fileno(), lambda count: next(typed), True)
            self.assertEqual([read(9), read(9), read(9)], [b"hello", b"", b""])

    def test_pipe(self) -> None:
        """
        What comes through a pipe is given when it is there, and not waited for when nobody does.
        """
        out, into = os.pipe()
        with os.fdopen(out, "rb") as stream, os.fdopen(into, "wb", buffering=0) as writer:
            source = stream_source(stream)
            writer.write(b"hello")
            self.assertEqual(source.give(1 << 20), b"hello")
            source.stop()
            self.assertEqual(source.give(1 << 20), b"")

    def test_stopped(self) -> None:
        """
        What waits for a pipe looks whether it is still to wait.
        """
        out, into = os.pipe()
        self.addCleanup(os.close, out)
        reading = Interruptible(out, lambda count: os.read(out, count), True)
        os.close(into)
        self.assertEqual(reading(5), b"")
        reading.stop()
        self.assertEqual(reading(5), b"")
