"""One file out of the guest."""

import io
from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, CopyDiffers, Misfit, TooLarge
from txqga.files import Progress, Verified

DATA = bytes(range(256)) * 10_000


class PullTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.here / "a"

    def pull(self, **options: Any) -> Any:
        return self.files.pull("/srv/a", self.path, **options)

    def closed(self) -> None:
        """All that was opened is closed."""
        names = self.guest.executed
        self.assertEqual(names.count("guest-file-open"), names.count("guest-file-close"))

    def test_whole(self) -> None:
        """
        A file is pulled with its mode and its time, and found good.
        """
        self.shell({"/srv/a": DATA})
        told: list[Progress] = []
        report = self.now(self.pull(progress=told.append))
        self.assertEqual((report.octets, report.verified), (len(DATA), {Verified.PROGRAM}))
        self.assertFalse(report.in_place)
        self.assertTrue(self.path.read_bytes() == DATA)
        found = self.path.stat()
        self.assertEqual((found.st_mode & 0o7777, found.st_mtime), (0o640, 1000))
        self.assertEqual((told[-1].octets, told[-1].total), (len(DATA), len(DATA)))
        self.closed()

    def test_bare(self) -> None:
        """
        Where the guest knows of no more than files, it is read twice and gets a usual mode.
        """
        self.bare({"/srv/a": DATA})
        self.assertEqual(self.now(self.pull(mode=0o400)).verified, {Verified.READ_BACK})
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o400)
        self.assertTrue(self.path.read_bytes() == DATA)
        self.closed()

    def test_stream(self) -> None:
        """
        A stream is given what the file holds.
        """
        self.shell({"/srv/a": DATA})
        stream = io.BytesIO()
        report = self.now(self.files.pull("/srv/a", stream))
        self.assertTrue(stream.getvalue() == DATA)
        self.assertEqual((report.in_place, report.is_verified), (True, True))

    def test_differs(self) -> None:
        """
        A copy that is not good never gets its name.
        """
        self.path.write_bytes(b"old")
        guest = self.shell({"/srv/a": DATA})
        guest.answer("txqga-file-digest", {"digest": "0" * 64, "count": len(DATA)})
        self.failure(self.pull(), CopyDiffers)
        self.assertEqual((self.names, self.path.read_bytes()), (["a"], b"old"))
        self.assertEqual(self.now(self.pull(verify=False)).verified, {Verified.NO})

    def test_folder(self) -> None:
        """
        A folder is told to be one, and not to be too large for this host.
        """
        guest = self.shell({"/srv/a": DATA})
        guest.answer("guest-file-seek", {"position": 2**63 - 1, "eof": False})
        self.failure(self.pull(), OSError)
        guest.answer("guest-file-read", CommandFailed("failed to read file: Is a directory"))
        self.assertIn("directory", str(self.failure(self.pull(), CommandFailed)))
        self.closed()

    def test_fails(self) -> None:
        """
        What was there before is as it was when something fails.
        """
        self.path.write_bytes(b"old")
        for command, lie in (
            ("guest-file-open", CommandFailed("no")),
            ("guest-file-read", CommandFailed("no")),
            ("guest-file-read", {}),
        ):
            self.shell({"/srv/a": DATA})
            self.guest.answer(command, lie)
            self.failure(self.pull(), CommandFailed, Misfit)
            self.assertEqual((self.names, self.path.read_bytes()), (["a"], b"old"))

    def test_too_large(self) -> None:
        """
        What is larger than wanted, or than the disk, is not begun.
        """
        self.shell({"/srv/a": DATA})
        self.failure(self.pull(most=1000), TooLarge)
        self.assertNotIn("guest-file-read", self.guest.executed)
        self.guest.answer("guest-file-seek", {"position": 1 << 62, "eof": False})
        self.failure(self.pull(), OSError)
        self.assertEqual(self.names, [])
        asked = [each for name, each in self.guest.agent.ran if name == "guest-file-read"]
        self.assertEqual([each["count"] for each in asked], [1])  # whether it is a folder

    def test_no_size(self) -> None:
        """
        What is made as it is read is read to its end, as far as that is not too far.
        """
        for size in ({"position": 0, "eof": False}, CommandFailed("Illegal seek")):
            self.shell({"/srv/a": DATA})
            self.guest.answer("guest-file-seek", size)
            report = self.now(self.pull())
            self.assertEqual((report.octets, report.verified), (len(DATA), {Verified.NO}))
            self.failure(self.pull(most=1000), TooLarge)
            self.assertTrue(self.path.read_bytes() == DATA)

        def zeros(said: Mapping[str, Any]) -> Any:
            count = said["count"]
            return {"count": count, "buf-b64": "A" * (count * 4 // 3 // 4 * 4), "eof": False}

        self.guest.answer("guest-file-read", zeros)
        self.failure(self.pull(), TooLarge, Misfit)

    def test_grows(self) -> None:
        """
        Of a file that grows what was there at the beginning is copied.
        """
        guest = self.shell({"/srv/a": DATA})
        does = guest.agent._answers["guest-file-read"]

        def growing(said: Mapping[str, Any]) -> Any:
            guest.files["/srv/a"] += b"more"
            return does(said)

        guest.answer("guest-file-read", growing)
        self.assertEqual(self.now(self.pull()).octets, len(DATA))
        self.assertTrue(self.path.read_bytes() == DATA)

    def test_resumed(self) -> None:
        """
        What an earlier copy has left is gone on with, when it is the beginning of the file.
        """
        part = self.here / ".a.txqga-part"
        for there, resumed in (
            (DATA[:1_000_000], 1_000_000),
            (DATA, len(DATA)),
            (b"x" * 1000, 0),
            (DATA + b"x", 0),
            (b"", 0),
        ):
            self.shell({"/srv/a": DATA})
            self.path.unlink(missing_ok=True)
            part.write_bytes(there)
            report = self.now(self.pull(resume=True))
            self.assertEqual((report.octets, report.resumed), (len(DATA), resumed))
            self.assertTrue(self.path.read_bytes() == DATA)
            self.assertEqual(self.names, ["a"])

    def test_there_already(self) -> None:
        """
        A file that is here already, whole, is left as it is, and nothing stays beside it.
        """
        self.path.write_bytes(DATA)
        before = self.path.stat().st_ino
        (self.here / ".a.txqga-part").write_bytes(b"x")
        self.shell({"/srv/a": DATA})
        self.assertEqual(self.now(self.pull(resume=True)).resumed, len(DATA))
        self.assertEqual((self.names, self.path.stat().st_ino), (["a"], before))
        self.assertNotIn("guest-file-read", self.guest.executed)

    def test_left_for_later(self) -> None:
        """
        A copy that shall be resumed leaves what it has read.
        """
        guest = self.shell({"/srv/a": DATA})
        mend = guest.breaks("guest-file-read")
        self.failure(self.pull(resume=True), CommandFailed)
        mend()
        left = (self.here / ".a.txqga-part").stat().st_size
        self.assertEqual(self.now(self.pull(resume=True)).resumed, left)
        self.assertTrue(self.path.read_bytes() == DATA)

    def test_cancelled(self) -> None:
        """
        A copy that is given up leaves nothing, and what was there before as it was.
        """
        self.path.write_bytes(b"old")
        for command in ("guest-file-open", "guest-file-read", "guest-file-seek"):
            guest = self.shell({"/srv/a": DATA})
            does = guest.agent._answers[command]
            answer: Deferred[Any] = Deferred()
            guest.answer(command, answer)
            asked = self.coming(self.pull())
            self.assertNoResult(asked)
            said = guest.agent.ran[-1][1]
            asked.cancel()
            guest.answer(command, does)
            answer.callback(does(said))
            guest.advance()
            self.failureResultOf(asked, CancelledError)
            self.assertEqual((self.names, self.path.read_bytes()), (["a"], b"old"))
            self.closed()
