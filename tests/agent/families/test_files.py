"""
Files of the guest.

``tests/functional/test_files_differential.py`` puts the real agent beside ours.
"""

import base64
import itertools
import os
from pathlib import Path
from typing import cast

from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._family import Encoded
from txqga.agent.families._files import Files
from txqga.errors import CommandFailed
from txqga.wire import JSON, decode


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class FilesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()
        self.files = Files(itertools.count(1000).__next__)
        self.addCleanup(self.files.close)

    def call(self, command: str, **arguments: JSON) -> JSON:
        """Run a command as the dispatcher does: its value."""
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        value = self.files.commands()[f"guest-file-{command}"].function(wire)
        return decode(value.octets) if isinstance(value, Encoded) else value

    def open(self, mode: str, content: bytes | None = None) -> int:
        if content is not None:
            self.path.write_bytes(content)
        handle = self.call("open", path=str(self.path), mode=mode)
        assert isinstance(handle, int)
        return handle

    def refused(self, command: str, **arguments: JSON) -> str:
        """Why a command is refused."""
        with self.assertRaises(CommandFailed) as caught:
            self.call(command, **arguments)
        return str(caught.exception.desc)

    def test_closed_while_frozen(self) -> None:
        """
        At an end while filesystems are frozen nothing is written, which would wait for ever.
        """
        frozen = Files(itertools.count(1000).__next__, lambda: True)
        commands = frozen.commands()
        wire = {"path": str(self.path), "mode": "w"}
        handle = cast("int", commands["guest-file-open"].function(wire))
        stream = frozen._handles.find(handle)
        commands["guest-file-write"].function({"handle": handle, "buf-b64": b64(b"x")})
        with capturedLogs() as seen:
            frozen.close()
        self.assertEqual(self.path.read_bytes(), b"")
        self.assertIn("frozen", seen[-1]["log_format"])
        stream.close()

    def test_commands(self) -> None:
        """
        Six commands, none of which is worth a thread.
        """
        commands = self.files.commands()
        names = ("open", "close", "read", "write", "seek", "flush")
        self.assertEqual(set(commands), {f"guest-file-{name}" for name in names})
        self.assertFalse(any(command.blocking for command in commands.values()))

    def test_written(self) -> None:
        """
        Another family may look at a file that a client has open, and sees what was written.
        """
        handle = self.open("w")
        self.call("write", handle=handle, buf_b64=b64(b"abc"))
        self.assertEqual(self.path.read_bytes(), b"")
        self.assertEqual(os.fstat(self.files.written(handle)).st_size, 3)
        with self.assertRaises(CommandFailed) as caught:
            self.files.written(5)
        self.assertEqual(caught.exception.desc, "handle '5' has not been found")

    def test_session(self) -> None:
        """
        A file is written, flushed, closed, opened again and read in pieces, as QEMU's test does.
        """
        handle = self.open("w+")
        text = b64(b"hello world!\n\0")
        self.assertEqual(
            self.call("write", handle=handle, buf_b64=text), {"count": 14, "eof": False}
        )
        self.assertEqual(self.call("flush", handle=handle), {})
        self.assertEqual(self.call("close", handle=handle), {})
        self.assertEqual(self.path.read_bytes(), b"hello world!\n\0")
        handle = self.call("open", path=str(self.path))
        self.assertEqual(
            self.call("read", handle=handle), {"count": 14, "buf-b64": text, "eof": True}
        )
        self.assertEqual(self.call("read", handle=handle), {"count": 0, "buf-b64": "", "eof": True})
        self.assertEqual(
            self.call("seek", handle=handle, offset=6, whence="set"),
            {"position": 6, "eof": False},
        )
        self.assertEqual(
            self.call("read", handle=handle),
            {"count": 8, "buf-b64": b64(b"world!\n\0"), "eof": True},
        )

    def test_write_then_read(self) -> None:
        """
        What was just written can be read after a seek, without a flush.
        """
        handle = self.open("w+")
        self.call("write", handle=handle, buf_b64=b64(b"abc"))
        self.assertEqual(self.call("read", handle=handle)["count"], 0)
        self.call("seek", handle=handle, offset=0, whence="set")
        self.assertEqual(self.call("read", handle=handle)["buf-b64"], b64(b"abc"))

    def test_handles(self) -> None:
        """
        Each opening has a handle of its own, and a closed one is unknown everywhere.
        """
        first, second = self.open("w"), self.open("r")
        self.assertEqual((first, second), (1000, 1001))
        self.call("close", handle=first)
        wrong: dict[str, dict[str, JSON]] = {
            "close": {},
            "read": {"count": -1},
            "write": {"buf_b64": "*", "count": -1},
            "seek": {"offset": 0, "whence": 7},
            "flush": {},
        }
        for command, arguments in wrong.items():
            self.assertEqual(
                self.refused(command, handle=first, **arguments),
                "handle '1000' has not been found",
            )

    def test_no_number(self) -> None:
        """
        A handle that cannot be written down is not given out, and the file is not left open.
        """

        def fail() -> int:
            raise CommandFailed("failed to commit persistent state to disk")

        self.files = Files(fail)
        os.mkfifo(self.path)
        reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        why = self.refused("open", path=str(self.path), mode="w")
        self.assertEqual(why, "failed to commit persistent state to disk")
        self.assertEqual(os.read(reader, 10), b"")  # nobody has it open for writing
        os.close(reader)

    def test_failed_open_takes_no_number(self) -> None:
        """
        Handles are counted by files that were opened.
        """
        self.assertEqual(
            self.refused("open", path="/no/such", mode="rb"),
            "failed to open file '/no/such' (mode: 'rb'): No such file or directory",
        )
        self.assertEqual(self.refused("open", path="/", mode=""), "invalid file open mode ''")
        self.assertEqual(self.open("w"), 1000)

    def test_read_counts(self) -> None:
        """
        A read takes 4096 octets if nothing is said, and at most 48 MiB.
        """
        handle = self.open("r", bytes(5000))
        self.assertEqual(self.call("read", handle=handle)["count"], 4096)
        self.assertEqual(self.call("read", handle=handle, count=50331648)["count"], 904)
        self.assertEqual(
            self.call("read", handle=handle, count=0), {"count": 0, "buf-b64": "", "eof": False}
        )
        for count in (-1, 50331649, -(2**63), 2**63 - 1):
            self.assertEqual(
                self.refused("read", handle=handle, count=count),
                f"value '{count}' is invalid for argument count",
            )

    def test_write_counts(self) -> None:
        """
        A write takes as much of the data as is said, and not more than there is.
        """
        handle = self.open("w")
        data = b64(b"abcdef")
        self.assertEqual(
            self.call("write", handle=handle, buf_b64=data, count=4), {"count": 4, "eof": False}
        )
        self.assertEqual(self.call("write", handle=handle, buf_b64=data, count=0)["count"], 0)
        self.assertEqual(self.call("write", handle=handle, buf_b64="")["count"], 0)
        for count in (-1, 7):
            self.assertEqual(
                self.refused("write", handle=handle, buf_b64=data, count=count),
                f"value '{count}' is invalid for argument count",
            )
        self.call("close", handle=handle)
        self.assertEqual(self.path.read_bytes(), b"abcd")

    def test_write_checks(self) -> None:
        """
        The data is looked at before its count, and nothing is written of bad data.
        """
        handle = self.open("w")
        self.assertEqual(
            self.refused("write", handle=handle, buf_b64="YWJj ", count=99),
            "Base64 data contains invalid characters",
        )
        self.call("close", handle=handle)
        self.assertEqual(self.path.read_bytes(), b"")

    def test_whence(self) -> None:
        """
        Whence is a word or a number; other numbers are refused.
        """
        handle = self.open("r", bytes(100))
        for whence, offset, position in (
            ("set", 5, 5),
            ("cur", 5, 10),
            ("end", -1, 99),
            (0, 6, 6),
            (1, -6, 0),
            (2, 9, 109),
        ):
            self.assertEqual(
                self.call("seek", handle=handle, offset=offset, whence=whence),
                {"position": position, "eof": False},
            )
        for whence in (3, -1):
            self.assertEqual(
                self.refused("seek", handle=handle, offset=0, whence=whence),
                f"invalid whence code {whence}",
            )

    def test_system_errors(self) -> None:
        """
        Each step that fails says which one it was.
        """
        reader = self.open("r", b"abc")
        self.assertEqual(
            self.refused("write", handle=reader, buf_b64="YQ=="),
            "failed to write to file: Bad file descriptor",
        )
        self.assertEqual(
            self.refused("seek", handle=reader, offset=-1, whence="set"),
            "failed to seek file: Invalid argument",
        )
        writer = self.open("w")
        self.assertEqual(
            self.refused("read", handle=writer), "failed to read file: Bad file descriptor"
        )
        folder = self.call("open", path="/", mode="r")
        self.assertEqual(self.refused("read", handle=folder), "failed to read file: Is a directory")
        full = self.call("open", path="/dev/full", mode="r+")
        no_space = "No space left on device"
        moving = {"offset": 0, "whence": "set"}
        for command, more, why in (
            ("flush", {}, "failed to flush file"),
            ("read", {}, "failed to flush file"),
            ("seek", moving, "failed to seek file"),
            ("close", {}, "failed to close handle"),
        ):
            self.call("write", handle=full, buf_b64="YQ==")
            self.assertEqual(self.refused(command, handle=full, **more), f"{why}: {no_space}")
        self.assertEqual(self.refused("close", handle=full), f"handle '{full}' has not been found")

    def test_pipe(self) -> None:
        """
        From a pipe one reads what is there; nothing is lost, and nothing is waited for.
        """
        os.mkfifo(self.path)
        handle = self.open("r")
        self.assertEqual(self.call("read", handle=handle), {"count": 0, "buf-b64": "", "eof": True})
        writer = os.open(self.path, os.O_WRONLY)
        os.write(writer, b"hello")
        self.assertEqual(
            self.call("read", handle=handle, count=10),
            {"count": 5, "buf-b64": b64(b"hello"), "eof": False},
        )
        again = "Resource temporarily unavailable"
        self.assertEqual(self.refused("read", handle=handle), f"failed to read file: {again}")
        self.assertEqual(
            self.refused("write", handle=handle, buf_b64="YQ=="),
            "failed to seek file: Illegal seek",
        )
        os.close(writer)
        self.assertTrue(self.call("read", handle=handle)["eof"])

    def test_close(self) -> None:
        """
        At the agent's end everything is flushed, and what cannot be is no obstacle.
        """
        full = self.call("open", path="/dev/full", mode="w")
        file = self.open("w")
        for handle in (full, file):
            self.call("write", handle=handle, buf_b64=b64(b"abc"))
        with capturedLogs() as seen:
            self.files.close()
        self.assertEqual(self.path.read_bytes(), b"abc")
        self.assertEqual([event["handle"] for event in seen], [full])
        self.assertIn("has not been found", self.refused("flush", handle=file))

    def test_log(self) -> None:
        """
        Opening and closing are logged, what is in a file never is.
        """
        with capturedLogs() as seen:
            handle = self.open("w")
            self.call("write", handle=handle, buf_b64=b64(b"secret"))
            self.call("close", handle=handle)
        self.assertEqual(
            [event["log_format"].format(**event) for event in seen],
            [
                f"guest-file-open called, filepath: {self.path}, mode: w",
                "guest-file-open, handle: 1000",
                "guest-file-close called, handle: 1000",
            ],
        )
