"""Reading, writing, seeking and flushing. Facts 3."""

import base64
import os
from pathlib import Path

from tests.functional._files import (
    CLOSE,
    FLUSH,
    MIB,
    READ,
    WRITE,
    FileBehaviour,
    at,
    data,
    wrote,
)
from tests.functional._oracle import OURS
from tests.functional._rows import Reply, Row, call, error, ok


class Reading(FileBehaviour):
    through_a_mux = True

    def test_end(self) -> None:
        """
        The end is reported by the read that meets it, not by the one that stops before it.
        """
        handle = self.open("r", b"0123456789")
        self.check(
            self.read(handle, data(b"01234", eof=False), count=5),
            self.read(handle, data(b"56789", eof=False), count=5),
            self.read(handle, data(b"", eof=True), count=5),
            self.read(handle, data(b"", eof=True)),
            self.seek(handle, 8, 0, at(8)),
            self.read(handle, data(b"89", eof=True), count=5),
            self.seek(handle, 0, 0, at(0)),
            self.read(handle, data(b"0123456789", eof=True)),
        )

    def test_default_count(self) -> None:
        """
        Without a count 4096 octets are read.
        """
        handle = self.open("r", bytes(range(256)) * 17)
        self.check(
            self.read(handle, data(bytes(range(256)) * 16, eof=False)),
            self.read(handle, data(bytes(range(256)), eof=True)),
        )

    def test_count_zero(self) -> None:
        """
        Reading nothing returns nothing, and is not the end.
        """
        handle = self.open("r", b"abc")
        self.check(
            self.read(handle, data(b"", eof=False), count=0),
            self.read(handle, data(b"abc", eof=True)),
            self.read(handle, data(b"", eof=False), count=0),
        )

    def test_counts(self) -> None:
        """
        A count is from 0 to 48 MiB; the largest one is served.
        """
        content = os.urandom(1000) * 3000
        handle = self.open("r", content)
        for count in (-1, -(2**63), 48 * MIB + 1, 2**32, 2**63 - 1):
            self.check(
                self.read(
                    handle, error(f"value '{count}' is invalid for argument count"), count=count
                )
            )
        self.check(
            self.read(handle, data(content[:MIB], eof=False), count=MIB),
            self.read(handle, data(content[MIB:], eof=True), count=48 * MIB),
        )

    def test_every_octet(self) -> None:
        """
        What is read is what is in the file, whatever the size of the pieces.
        """
        content = os.urandom(20_011)
        for size in (1, 2, 3, 1000, 4095, 4096, 4097, 8192, 20_010, 20_011, 20_012):
            self.path.write_bytes(content)
            handle = self.open("rb")
            found = b""
            while size > 3 or len(found) < 12:
                reply = self.peer.call(READ, handle=handle, count=size)
                piece = base64.b64decode(reply["buf-b64"], validate=True)
                self.assertEqual(len(piece), reply["count"])
                found += piece
                if reply["eof"]:
                    self.assertEqual(found, content)
                    break
            self.assertTrue(content.startswith(found))

    def test_growing(self) -> None:
        """
        The end is looked for again by every read: a file that grows is followed.
        """
        handle = self.open("r", b"")
        with self.path.open("ab", buffering=0) as file:
            for piece in (b"one", b"two", b"x" * 5000):
                self.check(self.read(handle, data(b"", eof=True)))
                file.write(piece)
                self.check(self.read(handle, data(piece, eof=True), count=9999))

    def test_beyond_the_end(self) -> None:
        """
        Reading beyond the end finds the end.
        """
        handle = self.open("r", b"abc")
        self.check(
            self.seek(handle, 1_000_000, "set", at(1_000_000)),
            self.read(handle, data(b"", eof=True)),
            self.seek(handle, 2**40, "set", at(2**40)),
            self.read(handle, data(b"", eof=True)),
        )

    def test_wrong_mode(self) -> None:
        """
        A file opened for writing cannot be read.
        """
        for mode in ("w", "a"):
            handle = self.open(mode)
            self.check(self.read(handle, error("failed to read file: Bad file descriptor")))

    def test_files_without_size(self) -> None:
        """
        Files of the kernel, which have no size, are read to their end.
        """
        handle = self.open("r", path=Path("/proc/self/mounts"))
        reply = self.peer.call(READ, handle=handle, count=MIB)
        self.assertTrue(reply["eof"])
        self.assertIn(b"proc", base64.b64decode(reply["buf-b64"]))
        handle = self.open("r", path=Path("/dev/zero"))
        self.check(self.read(handle, data(bytes(70_000), eof=False), count=70_000))
        handle = self.open("r", path=Path("/dev/null"))
        self.check(self.read(handle, data(b"", eof=True)))

    def test_fifo(self) -> None:
        """
        What is in a FIFO is read; when nothing is there, the read fails at once and loses nothing.
        """
        path = self.folder / "fifo"
        os.mkfifo(path)
        handle = self.open("r", path=path)
        with path.open("wb", buffering=0) as writer:
            nothing = error("failed to read file: Resource temporarily unavailable")
            self.check(self.read(handle, nothing))
            writer.write(b"0123456789")
            self.check(
                self.read(handle, data(b"01234", eof=False), count=5),
                self.read(handle, data(b"56789", eof=False), count=5),
                self.read(handle, nothing, count=5),
                # qemu-ga drops what was there when there is less than was asked for
            )
            if self.series == OURS:
                writer.write(b"abc")
                self.check(self.read(handle, data(b"abc", eof=False), count=5))
            writer.write(b"the end")
        self.check(
            self.read(handle, data(b"the end", eof=True), count=100),
            self.read(handle, data(b"", eof=True)),
        )


class Writing(FileBehaviour):
    through_a_mux = True

    def test_write(self) -> None:
        """
        Everything is written; it is in the file when it was flushed, and when it was closed.
        """
        handle = self.open("w")
        self.check(
            self.write(handle, b"Hello, "), self.write(handle, b"world\0"), self.write(handle, b"")
        )
        self.check(call(FLUSH, {"handle": handle}, ok({})))
        self.assertEqual(self.path.read_bytes(), b"Hello, world\0")
        self.check(self.write(handle, b"!"), call(CLOSE, {"handle": handle}, ok({})))
        self.assertEqual(self.path.read_bytes(), b"Hello, world\0!")

    def test_big(self) -> None:
        """
        Megabytes are written in one call.
        """
        content = os.urandom(5 * MIB + 1)
        handle = self.open("w")
        self.check(self.write(handle, content), call(FLUSH, {"handle": handle}, ok({})))
        self.assertEqual(self.path.read_bytes(), content)

    def test_count(self) -> None:
        """
        A count writes that much of the data, and can be no more than the data.
        """
        handle = self.open("w+")

        def write(count: int, expected: Reply) -> Row:
            return call(WRITE, {"handle": handle, "buf-b64": "YWJjZGVm", "count": count}, expected)

        for count in (-1, 7, 2**40, -(2**63)):
            self.check(write(count, error(f"value '{count}' is invalid for argument count")))
        self.check(write(0, wrote(0)), write(2, wrote(2)), write(6, wrote(6)))
        self.check(self.seek(handle, 0, 0, at(0)), self.read(handle, data(b"ababcdef", eof=True)))

    def test_wrong_mode(self) -> None:
        """
        A file opened for reading cannot be written; the base64 is looked at first, and the count.
        """
        handle = self.open("r", b"abc")
        self.check(
            self.write(handle, b"x", error("failed to write to file: Bad file descriptor")),
            call(
                WRITE,
                {"handle": handle, "buf-b64": "*"},
                error("Base64 data contains invalid characters"),
            ),
            call(
                WRITE,
                {"handle": handle, "buf-b64": "YQ==", "count": 2},
                error("value '2' is invalid for argument count"),
            ),
            self.read(handle, data(b"abc", eof=True)),
        )

    def test_base64_before_count(self) -> None:
        """
        Of a bad count and bad base64 the base64 is reported.
        """
        handle = self.open("w")
        self.check(
            call(
                WRITE,
                {"handle": handle, "buf-b64": "*", "count": -1},
                error("Base64 data contains invalid characters"),
            )
        )

    def test_append(self) -> None:
        """
        In append mode everything goes to the end, wherever the position was.
        """
        handle = self.open("a+", b"abc")
        self.check(
            self.seek(handle, 0, "set", at(0)),
            self.write(handle, b"def"),
            self.seek(handle, 0, "cur", at(6)),
            self.seek(handle, 1, "set", at(1)),
            self.read(handle, data(b"bc", eof=False), count=2),
            self.write(handle, b"ghi"),
            call(FLUSH, {"handle": handle}, ok({})),
        )
        self.assertEqual(self.path.read_bytes(), b"abcdefghi")

    def test_full(self) -> None:
        """
        What cannot be stored is reported when it is to be stored, and the handle goes all the same.
        """
        full = Path("/dev/full")
        space = "No space left on device"
        handle = self.open("w", path=full)
        self.check(
            self.write(handle, b"x" * 10),
            call(FLUSH, {"handle": handle}, error(f"failed to flush file: {space}")),
        )
        handle = self.open("w", path=full)
        self.check(self.write(handle, b"x" * 100_000, error(f"failed to write to file: {space}")))
        if self.series == OURS:  # qemu-ga keeps a dangling handle, and may crash
            handle = self.open("w", path=full)
            self.check(
                self.write(handle, b"x"),
                call(CLOSE, {"handle": handle}, error(f"failed to close handle: {space}")),
                call(CLOSE, {"handle": handle}, error(f"handle '{handle}' has not been found")),
            )

    def test_flush(self) -> None:
        """
        Flushing is always possible.
        """
        for mode in ("r", "w", "a+"):
            handle = self.open(mode, b"abc")
            self.check(
                call(FLUSH, {"handle": handle}, ok({})), call(FLUSH, {"handle": handle}, ok({}))
            )


globals().update(Reading.for_every_agent())
globals().update(Writing.for_every_agent())
