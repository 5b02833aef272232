"""A file of the guest that is read as it grows, or written at once."""

from typing import Any

from twisted.internet.task import Clock

from tests.exec._case import ExecCase, coded
from txqga.errors import CommandFailed, Misfit
from txqga.exec._file import CHUNK, GuestFile, write_file
from txqga.exec._patient import Patient
from txqga.testing import SILENCE, MemoryGuest


class FileTests(ExecCase):
    def setUp(self) -> None:
        self.guest = MemoryGuest(files={"/out": b"abc"})
        self.clock = Clock()
        self.patient = Patient(self.clock, self.guest)
        self.file = GuestFile(self.patient, "/out")

    def read(self, room: int = 100) -> Any:
        return self.successResultOf(self.coming(self.file.read(room)))

    def test_grows(self) -> None:
        """
        What is new is read, as far as there is room for it.
        """
        self.assertEqual(self.read(2), b"ab")
        self.assertEqual(self.read(0), b"")
        self.assertEqual(self.read(), b"c")
        self.assertEqual(self.read(), b"")
        self.guest.files["/out"] = b"abcdef"
        self.assertEqual(self.read(), b"def")
        self.assertEqual(self.guest.executed.count("guest-file-open"), 1)
        self.successResultOf(self.coming(self.file.close()))
        self.successResultOf(self.coming(self.file.close()))
        self.assertEqual(self.guest.executed.count("guest-file-close"), 1)

    def test_reply_lost(self) -> None:
        """
        What was read and did not arrive is read again.
        """
        self.assertEqual(self.read(1), b"a")
        read = self.guest.agent._answers["guest-file-read"]
        self.guest.answer("guest-file-read", lambda said: read(said) and SILENCE)
        reading = self.coming(self.file.read(2))
        self.later(3.0)
        self.guest.answer("guest-file-read", read)
        self.later(30.0)
        self.assertEqual(self.successResultOf(reading), b"bc")

    def test_handle_lost(self) -> None:
        """
        A handle that is not known any more is replaced.
        """
        self.assertEqual(self.read(1), b"a")
        self.successResultOf(self.guest.file_close(self.file._handle))
        self.assertEqual(self.read(), b"bc")

    def test_not_there(self) -> None:
        """
        A file that is not there is an error.
        """
        self.file = GuestFile(self.patient, "/other")
        self.failureResultOf(self.coming(self.file.read(1)), CommandFailed)

    def test_lies(self) -> None:
        """
        More than was asked for, no base64, no handle: nothing of it is believed.
        """
        for lie in (
            {"count": 2, "buf-b64": coded(b"ab"), "eof": False},
            {"count": 1, "buf-b64": "?", "eof": False},
            7,
        ):
            self.guest.answer("guest-file-read", lie)
            self.failureResultOf(self.coming(self.file.read(1)), Misfit)
        self.guest.answer("guest-file-open", "7")
        self.failureResultOf(self.coming(GuestFile(self.patient, "/out").read(1)), Misfit)

    def test_written(self) -> None:
        """
        A file is written piece by piece, and closed.
        """
        data = bytes(range(256)) * (CHUNK // 100)
        self.successResultOf(self.coming(write_file(self.patient, "/in", data)))
        self.assertTrue(self.guest.files["/in"] == data)
        self.assertEqual(self.guest.executed[-1], "guest-file-close")

    def test_not_written(self) -> None:
        """
        What cannot be written is an error, and leaves no handle.
        """
        for answer, kind in (
            (CommandFailed("disk full"), CommandFailed),
            ({"count": 0, "eof": False}, Misfit),
            ({"count": 2, "eof": False}, Misfit),
        ):
            self.guest.answer("guest-file-write", answer)
            self.failureResultOf(self.coming(write_file(self.patient, "/in", b"x")), kind)
            self.assertEqual(self.guest.executed[-1], "guest-file-close")
