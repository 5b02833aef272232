"""One file into the guest."""

import io
import os
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, CopyDiffers
from txqga.files import Progress, Verified

DATA = bytes(range(256)) * 10_000


class PushTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.here / "a"
        self.path.write_bytes(DATA)
        self.path.chmod(0o751)
        os.utime(self.path, ns=(5, 7 * 10**9 + 1))

    def push(self, **options: Any) -> Any:
        return self.files.push(self.path, "/srv/a", **options)

    def opened(self) -> list[tuple[Any, Any]]:
        ran = self.guest.agent.ran
        return [(said["path"], said["mode"]) for name, said in ran if name == "guest-file-open"]

    def closed(self) -> None:
        """All that was opened is closed."""
        names = self.guest.executed
        self.assertEqual(names.count("guest-file-open"), names.count("guest-file-close"))

    def test_appears_whole(self) -> None:
        """
        A file is written beside its name, found good, and then put in its place.
        """
        guest = self.shell({"/srv/a": b"old"})
        report = self.now(self.push())
        self.assertEqual((report.octets, report.resumed, report.in_place), (len(DATA), 0, False))
        self.assertEqual(report.verified, {Verified.PROGRAM})
        self.assertEqual(guest.files, {"/srv/a": DATA})
        self.assertEqual((guest.modes["/srv/a"], guest.times["/srv/a"]), ("751", "7.000000001"))
        ((part, mode),) = self.opened()
        self.assertEqual(mode, "rb+")
        self.assertTrue(part.startswith("/srv/.a.") and part.endswith(".txqga-part"))
        self.closed()

    def test_modes(self) -> None:
        """
        The mode is that of the file, or what was wished for, or what it was.
        """
        for options, there, mode, time in (
            ({"keep": False}, {}, "644", "."),
            ({"keep": False}, {"/srv/a": b""}, "640", "."),
            ({"mode": 0o600}, {}, "600", "7."),
            ({"mode": 0o600, "keep": False}, {}, "600", "."),
        ):
            guest = self.shell(there)
            self.now(self.push(**options))
            self.assertEqual(guest.modes["/srv/a"], mode)
            self.assertTrue(guest.times["/srv/a"].startswith(time))

    def test_in_place(self) -> None:
        """
        Where a guest cannot rename, the file is written where it belongs, and that is told.
        """
        for system in ("bare", "mswindows"):
            if system == "bare":
                self.bare({"/srv/a": b"old"})
            else:
                self.shell({"/srv/a": b"old"}, system=system)
            report = self.now(self.push())
            self.assertTrue(report.in_place)
            self.assertEqual(report.verified, {Verified.READ_BACK})
            self.assertEqual(
                [each.why for each in report.lost], ["not kept: mode", "not kept: time"]
            )
            self.assertEqual(self.guest.files, {"/srv/a": DATA})
            self.assertEqual(self.opened(), [("/srv/a", "wb"), ("/srv/a", "rb")])
            self.closed()

    def test_device(self) -> None:
        """
        What is no file is written to as it is, and neither renamed nor compared.
        """
        guest = self.shell({"/srv/a": b""})
        guest.others.add("/srv/a")
        report = self.now(self.push())
        self.assertEqual((report.in_place, report.verified), (True, {Verified.NO}))
        self.assertEqual(guest.files, {"/srv/a": DATA})
        self.assertEqual(guest.modes, {})

    def test_folder(self) -> None:
        """
        A folder is not taken for a file.
        """
        guest = self.shell()
        guest.folders.add("/srv/a")
        self.failure(self.push(), CommandFailed)
        self.assertEqual(self.opened(), [])

    def test_not_verified(self) -> None:
        """
        Who does not want to know is not told.
        """
        self.shell()
        self.assertEqual(self.now(self.push(verify=False)).verified, {Verified.NO})

    def test_differs(self) -> None:
        """
        A copy that is not good never gets its name.
        """
        guest = self.shell({"/srv/a": b"old"})
        guest.answer("txqga-file-digest", {"digest": "0" * 64, "count": len(DATA)})
        self.failure(self.push(), CopyDiffers)
        self.assertEqual(guest.files, {"/srv/a": b"old"})

    def test_fails(self) -> None:
        """
        What was there before is as it was when something fails, whatever that is.
        """
        for command in ("guest-file-open", "guest-file-write", "guest-file-close"):
            guest = self.shell({"/srv/a": b"old"})
            guest.answer(command, CommandFailed("No space left on device"))
            self.failure(self.push(), CommandFailed)
            self.guest.advance()
            self.assertEqual(guest.files, {"/srv/a": b"old"})

    def test_resumed(self) -> None:
        """
        What an earlier copy has left is gone on with, when it is the beginning of the file.
        """
        part = "/srv/.a.txqga-part"
        guest = self.shell({part: DATA[:1_000_000]})
        told: list[Progress] = []
        report = self.now(self.push(resume=True, progress=told.append))
        self.assertEqual((report.octets, report.resumed), (len(DATA), 1_000_000))
        self.assertEqual(guest.files, {"/srv/a": DATA})
        self.assertEqual(told[0].octets, 1_000_000)
        self.assertEqual(told[-1].octets, len(DATA))
        self.closed()

    def test_resumed_anew(self) -> None:
        """
        What is something else, or longer, is written anew.
        """
        for there in (b"x" * 1000, DATA + b"x", b""):
            guest = self.shell({"/srv/.a.txqga-part": there})
            report = self.now(self.push(resume=True))
            self.assertEqual((report.octets, report.resumed), (len(DATA), 0))
            self.assertEqual(guest.files, {"/srv/a": DATA})
        self.bare({"/srv/a": DATA[:1000]})
        report = self.now(self.push(resume=True))
        self.assertEqual((report.resumed, report.in_place), (1000, True))
        self.assertEqual(self.guest.files, {"/srv/a": DATA})

    def test_there_already(self) -> None:
        """
        A file that is there already, whole, is left as it is, and nothing stays beside it.
        """
        guest = self.shell({"/srv/a": DATA, "/srv/.a.txqga-part": b"x"})
        report = self.now(self.push(resume=True))
        self.assertEqual((report.octets, report.resumed), (len(DATA), len(DATA)))
        self.assertEqual((guest.files, self.opened()), ({"/srv/a": DATA}, []))

    def test_left_for_later(self) -> None:
        """
        A copy that shall be resumed leaves what it has written.
        """
        guest = self.shell({"/srv/a": b"old"})
        mend = guest.breaks("guest-file-write")
        self.failure(self.push(resume=True), CommandFailed)
        mend()
        left = guest.files["/srv/.a.txqga-part"]
        self.assertEqual(left, DATA[: len(left)])
        self.assertEqual(self.now(self.push(resume=True)).resumed, len(left))
        self.assertEqual(guest.files, {"/srv/a": DATA})

    def test_cancelled(self) -> None:
        """
        A copy that is given up leaves nothing, and what was there before as it was.
        """
        for command in ("guest-file-open", "guest-file-write", "guest-file-close"):
            guest = self.shell({"/srv/a": b"old"})
            does = guest.agent._answers[command]
            answer: Deferred[Any] = Deferred()
            guest.answer(command, answer)
            asked = self.coming(self.push())
            self.assertNoResult(asked)
            said = guest.agent.ran[-1][1]
            asked.cancel()
            guest.answer(command, does)
            answer.callback(does(said))
            guest.advance()
            self.failureResultOf(asked, CancelledError)
            self.assertEqual(guest.files, {"/srv/a": b"old"})
            self.closed()

    def test_stream(self) -> None:
        """
        What comes out of a stream is pushed, without a size before and without a time.
        """
        guest = self.shell()
        told: list[Progress] = []
        pushed = self.files.push(io.BytesIO(DATA), "/srv/a", progress=told.append)
        self.assertEqual(self.now(pushed).octets, len(DATA))
        self.assertEqual((guest.files, guest.modes["/srv/a"]), ({"/srv/a": DATA}, "644"))
        self.assertEqual((told[-1].octets, told[-1].total, told[-1].name), (len(DATA), None, "-"))

    def test_stream_resumed(self) -> None:
        """
        A stream goes on behind what is there, if that is how it begins; else it is of no use.
        """
        guest = self.shell({"/srv/.a.txqga-part": DATA[:1000]})
        pushed = self.files.push(io.BytesIO(DATA), "/srv/a", resume=True)
        self.assertEqual(self.now(pushed).resumed, 1000)
        self.assertEqual(guest.files, {"/srv/a": DATA})
        self.shell({"/srv/.a.txqga-part": b"x"})
        self.failure(self.files.push(io.BytesIO(DATA), "/srv/a", resume=True), OSError)
