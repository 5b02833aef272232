"""A folder into the guest."""

import io
import os
from typing import Any

from tests.files._case import FilesCase
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.files import Progress
from txqga.files._shell import _CREATE, _SETTLE


class PushTreeTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        (self.here / "d/e").mkdir(parents=True)
        (self.here / "a").write_bytes(b"aaa")
        (self.here / "d/b").write_bytes(b"bb")
        (self.here / "d/l").symlink_to("../a")

    def push(self, **options: Any) -> Any:
        return self.files.push(self.here, "/r", recursive=True, **options)

    def test_whole(self) -> None:
        """
        Files, folders and links come to be in the guest as they are here.
        """
        guest = self.shell()
        told: list[Progress] = []
        report = self.now(self.push(progress=told.append))
        self.assertEqual(guest.files["/r/a"] + guest.files["/r/d/b"], b"aaabb")
        self.assertTrue({"/r", "/r/d", "/r/d/e"} <= guest.folders)
        self.assertEqual(guest.links, {"/r/d/l": "../a"})
        counted = (report.files, report.folders, report.links, report.octets)
        self.assertEqual(counted, (2, 2, 1, 5))
        self.assertEqual((report.skipped, report.is_verified), ((), True))
        last = told[-1]
        self.assertEqual((last.octets, last.total, last.files, last.total_files), (5, 5, 2, 2))

    def test_skipped(self) -> None:
        """
        What cannot be copied is told, and the rest is.
        """
        os.mkfifo(self.here / "p")
        (self.here / "out").symlink_to("../x")
        (self.here / os.fsdecode(b"\xff")).write_bytes(b"")
        guest = self.shell()
        report = self.now(self.push())
        self.assertEqual(
            {each.name: each.why for each in report.skipped},
            {
                "\\udcff": "its name is no UTF-8, and cannot be said",
                "out": "it is a link that leads out of the folder, to ../x",
                "p": "it is a device, a pipe or a socket",
            },
        )
        self.assertEqual(report.files, 2)
        guest = self.shell()
        guest.fails[_CREATE] = "Permission denied"
        report = self.now(self.push())
        self.assertEqual((report.files, len(report.skipped), guest.files), (0, 5, {}))

    def test_lost(self) -> None:
        """
        What a folder does not keep is told.
        """
        guest = self.shell()
        guest.lost[_SETTLE] = "time"
        report = self.now(self.push())
        self.assertEqual({each.why for each in report.skipped}, {"not kept: time"})
        self.assertEqual({each.why for each in report.lost}, {"not kept: time"})

    def test_refused(self) -> None:
        """
        What would be refused for each file is refused at once.
        """
        self.bare()
        self.failure(self.push(), CommandNotFound)
        self.assertEqual(self.guest.files, {})
        self.shell()
        self.guest.fails['mkdir -p -- "$1"'] = "Read-only file system"
        self.failure(self.push(), CommandFailed)
        self.shell()
        self.failure(self.files.push(io.BytesIO(b""), "/r", recursive=True), TypeError)
        self.failure(self.files.push(self.here / "a", "/r", recursive=True), OSError)

    def test_away(self) -> None:
        """
        A guest that goes away in the middle ends the copy.
        """
        guest = self.shell()
        guest.answer("guest-file-write", CommandFailed("x"))
        guest.answer("guest-file-close", lambda _: guest.agent.hang_up())
        kinds = (AgentUnavailable, Exception)
        self.failure(self.push(), *kinds)

    def test_resumed(self) -> None:
        """
        Files that are there already are not copied again.
        """
        guest = self.shell({"/r/a": b"aaa", "/r/d/b": b"xx"})
        report = self.now(self.push(resume=True))
        self.assertEqual((report.octets, report.resumed, report.files), (5, 3, 2))
        self.assertEqual(guest.files, {"/r/a": b"aaa", "/r/d/b": b"bb"})
