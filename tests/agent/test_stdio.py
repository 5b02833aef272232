"""An open file with the semantics of stdio."""

import errno
import os
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._stdio_model import AnyOrder, pattern
from txqga.agent._stdio import Stream


class StreamTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())
        self.path.touch()
        self.block = min(self.path.stat().st_blksize, 8192)

    def open(self, flags: int, content: bytes | None = None) -> Stream:
        """Open the file, with ``content`` in it."""
        if content is not None:
            self.path.write_bytes(content)
        stream = Stream(os.open(self.path, flags | os.O_CREAT, 0o600))
        self.addCleanup(self.shut, stream)
        return stream

    def shut(self, stream: Stream) -> None:
        try:
            stream.close()
        except OSError as why:
            self.assertEqual(why.errno, errno.EBADF)  # the test has closed it

    def refused(self, number: int, function: Any, *args: Any) -> None:
        """The call fails with this error of the system."""
        with self.assertRaises(OSError) as caught:
            function(*args)
        self.assertEqual(caught.exception.errno, number)

    def test_read_to_the_end(self) -> None:
        """
        A read that gets less than it asked for says that the file ends there.
        """
        stream = self.open(os.O_RDONLY, b"fourteen bytes")
        self.assertEqual(stream.read(4096), (b"fourteen bytes", True))
        self.assertEqual(stream.read(4096), (b"", True))

    def test_read_up_to_the_end(self) -> None:
        """
        A read that gets exactly what it asked for does not look whether more would come.
        """
        stream = self.open(os.O_RDONLY, b"abc")
        self.assertEqual(stream.read(3), (b"abc", False))
        self.assertEqual(stream.read(0), (b"", False))
        self.assertEqual(stream.read(3), (b"", True))

    def test_growing_file(self) -> None:
        """
        What was written after the end was met is read next.
        """
        stream = self.open(os.O_RDONLY, b"abc")
        stream.read(10)
        with self.path.open("ab") as other:
            other.write(b"def")
        self.assertEqual(stream.read(10), (b"def", True))

    def test_small_reads(self) -> None:
        """
        Small reads are served from one block read ahead; the file is not asked each time.
        """
        content = pattern(2 * self.block)
        stream = self.open(os.O_RDONLY, content)
        self.assertEqual(stream.read(10), (content[:10], False))
        self.path.write_bytes(bytes(2 * self.block))
        self.assertEqual(stream.read(10), (content[10:20], False))
        rest = content[20 : self.block] + bytes(self.block)
        self.assertEqual(stream.read(3 * self.block), (rest, True))

    def test_fresh_after_seek(self) -> None:
        """
        After a seek the file is looked at anew, so one handle can watch a changing file.
        """
        stream = self.open(os.O_RDONLY, b"before")
        stream.read(3)
        self.path.write_bytes(b"AFTER!")
        self.assertEqual(stream.seek(0, os.SEEK_SET), 0)
        self.assertEqual(stream.read(6), (b"AFTER!", False))

    def test_write_is_buffered(self) -> None:
        """
        What is written reaches the file when it is flushed.
        """
        stream = self.open(os.O_WRONLY)
        stream.write(b"abc")
        stream.write(b"def")
        self.assertEqual(self.path.read_bytes(), b"")
        stream.flush()
        self.assertEqual(self.path.read_bytes(), b"abcdef")

    def test_write_reaches_disk(self) -> None:
        """
        Closing, moving and turning to reading give the system what was written.
        """

        def seek(stream: Stream) -> None:
            stream.seek(0, os.SEEK_CUR)

        for step in (Stream.close, Stream.begin_reading, seek):
            stream = self.open(os.O_RDWR | os.O_TRUNC)
            stream.write(b"abc")
            self.assertEqual(self.path.read_bytes(), b"")
            step(stream)
            self.assertEqual(self.path.read_bytes(), b"abc")

    def test_large_write(self) -> None:
        """
        Whole blocks go to the system at once, and the rest waits.
        """
        stream = self.open(os.O_WRONLY)
        content = pattern(2 * self.block + 1000)
        stream.write(content[:100])
        stream.write(content[100:])
        self.assertEqual(self.path.read_bytes(), content[: 2 * self.block])
        stream.flush()
        self.assertEqual(self.path.read_bytes(), content)

    def test_full_block_waits(self) -> None:
        """
        A block that is exactly full waits for the octet after it, as in glibc.
        """
        stream = self.open(os.O_WRONLY)
        stream.write(bytes(10))
        stream.write(bytes(self.block - 10))
        self.assertEqual(self.path.stat().st_size, 0)
        stream.write(b"!")
        self.assertEqual(self.path.stat().st_size, self.block)

    def test_turns(self) -> None:
        """
        Reading and writing in turn act at the position where the other one stopped.
        """
        stream = self.open(os.O_RDWR | os.O_TRUNC)
        stream.write(b"fourteen bytes")
        stream.begin_reading()
        self.assertEqual(stream.read(4096), (b"", True))
        stream.seek(0, os.SEEK_SET)
        self.assertEqual(stream.read(3), (b"fou", False))
        stream.begin_writing()
        stream.write(b"RT")
        stream.begin_reading()
        self.assertEqual(stream.read(3), (b"een", False))
        stream.flush()
        self.assertEqual(self.path.read_bytes(), b"fouRTeen bytes")

    def test_append(self) -> None:
        """
        What is written in append mode lands at the end, and a seek then says where that is.
        """
        stream = self.open(os.O_WRONLY | os.O_APPEND, b"abc")
        self.assertEqual(stream.seek(0, os.SEEK_CUR), 0)
        stream.seek(1, os.SEEK_SET)
        stream.write(b"def")
        self.assertEqual(stream.seek(0, os.SEEK_CUR), 6)
        self.assertEqual(self.path.read_bytes(), b"abcdef")

    def test_seek(self) -> None:
        """
        A seek answers the new position, counting from where the reader is.
        """
        stream = self.open(os.O_RDONLY, pattern(10000))
        stream.read(10)
        self.assertEqual(stream.seek(5, os.SEEK_CUR), 15)
        self.assertEqual(stream.seek(-10000, os.SEEK_END), 0)
        self.assertEqual(stream.seek(20000, os.SEEK_SET), 20000)
        self.assertEqual(stream.read(5), (b"", True))

    def test_wrong_seek(self) -> None:
        """
        A seek to before the beginning or beyond all numbers is refused, and nothing moves.
        """
        stream = self.open(os.O_RDONLY, pattern(10000))
        stream.read(10)
        for offset, whence in (
            (-11, os.SEEK_CUR),
            (-(2**63), os.SEEK_CUR),
            (-1, os.SEEK_SET),
            (-10001, os.SEEK_END),
            (2**63 - 1, os.SEEK_CUR),
            (2**63 - 1, os.SEEK_END),
        ):
            self.refused(errno.EINVAL, stream.seek, offset, whence)
        self.assertEqual(stream.read(6), (pattern(16)[10:], False))

    def test_flush_gives_back(self) -> None:
        """
        A flush while reading gives back what was read ahead: others see the true position.
        """
        stream = self.open(os.O_RDONLY, pattern(10000))
        stream.read(10)
        stream.flush()
        self.path.write_bytes(b"x" * 10000)
        self.assertEqual(stream.read(3), (b"xxx", False))

    def test_wrong_direction(self) -> None:
        """
        A file that was opened for one direction refuses the other, unless nothing is asked.
        """
        reader = self.open(os.O_RDONLY, b"abc")
        self.refused(errno.EBADF, reader.write, b"x")
        reader.write(b"")
        writer = self.open(os.O_WRONLY)
        self.refused(errno.EBADF, writer.read, 1)
        self.assertEqual(writer.read(0), (b"", False))

    def test_full_disk(self) -> None:
        """
        What cannot be written is told once, and not kept.
        """
        stream = Stream(os.open("/dev/full", os.O_RDWR))
        stream.write(b"abc")
        self.refused(errno.ENOSPC, stream.flush)
        stream.flush()
        self.refused(errno.ENOSPC, stream.write, bytes(5000))
        stream.write(b"abc")
        self.refused(errno.ENOSPC, stream.seek, 0, os.SEEK_SET)
        stream.write(b"abc")
        self.refused(errno.ENOSPC, stream.begin_reading)
        stream.write(b"abc")
        self.refused(errno.ENOSPC, stream.close)

    def test_closed_after_error(self) -> None:
        """
        A file whose last octets cannot be written is closed all the same.
        """
        fd = os.open("/dev/full", os.O_WRONLY)
        stream = Stream(fd)
        stream.write(b"abc")
        self.refused(errno.ENOSPC, stream.close)
        self.refused(errno.EBADF, os.fstat, fd)


class PipeTests(SynchronousTestCase):
    def setUp(self) -> None:
        path = self.mktemp()
        os.mkfifo(path)
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.stream = Stream(fd)
        self.addCleanup(self.stream.close)
        self.other = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.addCleanup(os.close, self.other)

    def refused(self, number: int, function: Any, *args: Any) -> None:
        with self.assertRaises(OSError) as caught:
            function(*args)
        self.assertEqual(caught.exception.errno, number)

    def test_short_read(self) -> None:
        """
        A pipe gives what it holds, which is not the end; an empty one says that it is empty.
        """
        os.write(self.other, b"hello")
        self.assertEqual(self.stream.read(3), (b"hel", False))
        self.assertEqual(self.stream.read(10), (b"lo", False))
        self.refused(errno.EAGAIN, self.stream.read, 10)

    def test_end(self) -> None:
        """
        A pipe that nobody writes into has ended, after what it still held.
        """
        reads, writes = os.pipe()
        os.set_blocking(reads, False)
        stream = Stream(reads)
        self.addCleanup(stream.close)
        os.write(writes, b"last words")
        os.close(writes)
        self.assertEqual(stream.read(100), (b"last words", True))

    def test_full_pipe(self) -> None:
        """
        A pipe that takes no more refuses what is flushed, and that is lost.
        """
        self.stream.write(bytes(1 << 16))
        self.stream.write(b"too much")
        self.refused(errno.EAGAIN, self.stream.flush)
        self.stream.flush()
        self.refused(errno.EAGAIN, self.stream.write, bytes(10000))

    def test_no_position(self) -> None:
        """
        A pipe cannot turn from reading to writing, until a seek has failed.
        """
        os.write(self.other, b"hello")
        self.stream.read(3)
        self.refused(errno.ESPIPE, self.stream.begin_writing)
        self.refused(errno.ESPIPE, self.stream.seek, 0, os.SEEK_CUR)
        self.stream.begin_writing()

    def test_flush_keeps_input(self) -> None:
        """
        A flush loses nothing that was read ahead from a pipe.
        """
        os.write(self.other, b"hello")
        self.stream.read(3)
        self.stream.flush()
        self.assertEqual(self.stream.read(2), (b"lo", False))


class TerminalTests(SynchronousTestCase):
    def test_by_line(self) -> None:
        """
        A terminal gets each line when it is whole.
        """
        keyboard, screen = os.openpty()
        self.addCleanup(os.close, keyboard)
        os.set_blocking(keyboard, False)
        os.set_blocking(screen, False)
        stream = Stream(screen)
        self.addCleanup(stream.close)
        stream.write(b"one ")
        self.assertRaises(BlockingIOError, os.read, keyboard, 100)
        stream.write(b"line\nand a")
        self.assertEqual(os.read(keyboard, 100), b"one line\r\n")
        stream.write(b"nother\n")
        self.assertEqual(os.read(keyboard, 100), b"and another\r\n")


class AnyOrderTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        Whatever is done in whatever order, the file holds what it should.
        """

        class Here(AnyOrder):
            directory = self.mktemp()

        Path(Here.directory).mkdir()
        run_state_machine_as_test(Here, settings=settings(deadline=None))
