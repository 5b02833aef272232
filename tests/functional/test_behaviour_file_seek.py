"""Positions, and the switch between reading and writing on one handle. Facts 3."""

import os

from tests.functional._files import FileBehaviour, at, data
from tests.functional._rows import call, error, ok

INVALID = error("failed to seek file: Invalid argument")


class Seeking(FileBehaviour):
    def test_whence(self) -> None:
        """
        An offset counts from the start, from here or from the end, by number or by name.
        """
        handle = self.open("r", b"0123456789")
        for start, here, end in ((0, 1, 2), ("set", "cur", "end")):
            self.check(
                self.seek(handle, 4, start, at(4)),
                self.seek(handle, 2, here, at(6)),
                self.seek(handle, -3, here, at(3)),
                self.seek(handle, 0, here, at(3)),
                self.seek(handle, 0, end, at(10)),
                self.seek(handle, -10, end, at(0)),
                self.seek(handle, 5, end, at(15)),
            )

    def test_after_reading(self) -> None:
        """
        From here means from where the last read ended.
        """
        handle = self.open("r", bytes(range(100)) * 100)
        self.check(
            self.read(handle, data(bytes(range(10)), eof=False), count=10),
            self.seek(handle, 0, "cur", at(10)),
            self.seek(handle, 5, "cur", at(15)),
            self.read(handle, data(bytes([15]), eof=False), count=1),
            self.seek(handle, -16, "cur", at(0)),
            self.read(handle, data(bytes([0]), eof=False), count=1),
            self.seek(handle, 9990, "cur", at(9991)),
            self.read(handle, data(bytes(range(91, 100)), eof=True), count=10),
            self.seek(handle, 0, "cur", at(10_000)),
        )

    def test_impossible(self) -> None:
        """
        There is no position before the start; a seek that failed moves nothing.
        """
        handle = self.open("r", b"0123456789")
        self.check(
            self.seek(handle, 3, 0, at(3)),
            self.seek(handle, -1, "set", INVALID),
            self.seek(handle, -4, "cur", INVALID),
            self.seek(handle, -11, "end", INVALID),
            self.seek(handle, -(2**63), "set", INVALID),
            self.seek(handle, 0, "cur", at(3)),
            self.read(handle, data(b"3", eof=False), count=1),
        )

    def test_codes(self) -> None:
        """
        Other numbers than 0, 1 and 2 are refused, once the handle was found.
        """
        handle = self.open("r", b"")
        for code in (3, -1, 100, 2**63 - 1, -(2**63)):
            self.check(self.seek(handle, 0, code, error(f"invalid whence code {code}")))

    def test_far(self) -> None:
        """
        A file may be written far beyond its end; the hole reads as zeros.
        """
        handle = self.open("w+")
        self.check(
            self.seek(handle, 5, "set", at(5)),
            self.write(handle, b"x"),
            self.seek(handle, 0, "set", at(0)),
            self.read(handle, data(b"\0\0\0\0\0x", eof=True)),
            self.seek(handle, 2**32, "set", at(2**32)),
            self.write(handle, b"far"),
            self.seek(handle, -3, "end", at(2**32)),
            self.read(handle, data(b"far", eof=True)),
        )

    def test_pipe(self) -> None:
        """
        A FIFO has no position.
        """
        path = self.folder / "fifo"
        os.mkfifo(path)
        handle = self.open("r", path=path)
        self.check(self.seek(handle, 0, "set", error("failed to seek file: Illegal seek")))


class Switching(FileBehaviour):
    def test_write_then_read(self) -> None:
        """
        A read after a write goes on at its end, and finds everything flushed.
        """
        handle = self.open("w+")
        self.check(
            self.write(handle, b"14 octets here"),
            self.read(handle, data(b"", eof=True)),
        )
        self.assertEqual(self.path.read_bytes(), b"14 octets here")
        self.check(
            self.seek(handle, 0, "set", at(0)),
            self.read(handle, data(b"14 octets here", eof=True)),
        )

    def test_read_then_write(self) -> None:
        """
        A write after a read goes where the read ended, and the next read behind the write.
        """
        handle = self.open("r+", b"0123456789")
        self.check(
            self.read(handle, data(b"012", eof=False), count=3),
            self.write(handle, b"ab"),
            self.read(handle, data(b"567", eof=False), count=3),
            self.write(handle, b"X"),
            call("guest-file-flush", {"handle": handle}, ok({})),
        )
        self.assertEqual(self.path.read_bytes(), b"012ab567X9")

    def test_write_at_the_end(self) -> None:
        """
        After a read that met the end, a write appends.
        """
        handle = self.open("r+", b"abc")
        self.check(
            self.read(handle, data(b"abc", eof=True)),
            self.write(handle, b"def"),
            self.seek(handle, 0, 0, at(0)),
            self.read(handle, data(b"abcdef", eof=True)),
        )

    def test_alternating(self) -> None:
        """
        Reads and writes may alternate for long, in small pieces.
        """
        handle = self.open("r+", b"." * 9000)
        for _ in range(300):
            self.check(
                self.read(handle, data(b"." * 10, eof=False), count=10),
                self.write(handle, b"x" * 20),
            )
        self.check(self.read(handle, data(b"", eof=True)), self.seek(handle, 0, 1, at(9000)))
        self.assertEqual(self.path.read_bytes(), (b"." * 10 + b"x" * 20) * 300)

    def test_two_handles(self) -> None:
        """
        Two handles of one file have a position each.
        """
        writer, reader = self.open("w"), self.open("r")
        self.check(
            self.write(writer, b"abc"),
            call("guest-file-flush", {"handle": writer}, ok({})),
            self.read(reader, data(b"a", eof=False), count=1),
            self.write(writer, b"def"),
            call("guest-file-flush", {"handle": writer}, ok({})),
            self.read(reader, data(b"bc", eof=False), count=2),
            self.read(reader, data(b"def", eof=True)),
            self.read(writer, error("failed to read file: Bad file descriptor")),
        )


globals().update(Seeking.for_every_agent())
globals().update(Switching.for_every_agent())
