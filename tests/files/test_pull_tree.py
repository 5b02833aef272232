"""A folder out of the guest, which may be a trap."""

import base64
import io
import os
from typing import Any

from tests.files._case import FilesCase, ShellGuest
from txqga.errors import CommandFailed, CommandNotFound, TooLarge
from txqga.files import Progress
from txqga.files._digest import _SCRIPT


def found(*lines: str) -> bytes:
    """What find says of these: kind, name, and where a link leads to."""
    told = b"all\0"
    for line in lines:
        kind, name, *target = line.split("|")
        size = "3" if kind == "f" else "0"
        told += f"{kind} 640 {size} 1000.5 ".encode() + name.encode("utf-8", "surrogateescape")
        told += b"\0" + "".join(target).encode() + b"\0"
    return told


class PullTreeTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.target = self.here / "in"

    def pull(self, *lines: str, **options: Any) -> Any:
        files = {f"/r/{line.split('|')[1]}": b"aaa" for line in lines if line[0] == "f"}
        self.shell(files)
        self.guest.listing = found(*lines)
        return self.files.pull("/r", self.target, recursive=True, **options)

    def skipped(self, *lines: str) -> dict[str, str]:
        report = self.now(self.pull(*lines))
        return {each.name: each.why for each in report.skipped}

    def landed(self) -> list[str]:
        """All that has come to be on this host."""
        return sorted(str(each.relative_to(self.here)) for each in self.here.rglob("*"))

    def test_whole(self) -> None:
        """
        Files, folders and links come to be here as they are in the guest.
        """
        told: list[Progress] = []
        report = self.now(
            self.pull("d|d", "f|d/a", "f|b", "l|d/l|../b", "d|empty", progress=told.append)
        )
        self.assertEqual(self.landed(), ["in", "in/b", "in/d", "in/d/a", "in/d/l", "in/empty"])
        self.assertEqual((self.target / "d/l").read_bytes(), b"aaa")
        for name in ("d", "d/a", "empty"):
            stat = (self.target / name).stat()
            self.assertEqual((stat.st_mode & 0o777, stat.st_mtime), (0o640, 1000.5))
        counted = (report.files, report.folders, report.links, report.octets)
        self.assertEqual(counted, (2, 2, 1, 6))
        self.assertEqual((report.skipped, report.is_verified), ((), True))
        last = told[-1]
        self.assertEqual((last.octets, last.total, last.files, last.total_files), (6, 6, 2, 2))

    def test_names(self) -> None:
        """
        No name leads out of the folder, or disturbs who looks at it.
        """
        disturbs = "there are control characters in its name"
        names = {
            "../../etc/cron.d/x": "it is no name",
            "/etc/passwd": "it is no name",
            "d/../../x": "it is no name",
            "d//x": "it is no name",
            "": "it is no name",
            ".": "it is no name",
            "\x1b[2J": disturbs,
            "d/a\nb": disturbs,
            "x" * 256: "its name is too long",
            "\udcff": "its name is no UTF-8",
        }
        told = self.skipped(*(f"f|{name}" for name in names), "f|good")
        self.assertEqual([*told.values()], [*names.values()])
        self.assertIn("\\x1b[2J", told)
        self.assertIn("d/a\\nb", told)
        self.assertEqual(self.landed(), ["in", "in/good"])

    def test_links(self) -> None:
        """
        A link that leads out is not made, nor is one that could with the help of another.
        """
        told = self.skipped(
            "d|d",
            "l|abs|/etc",
            "l|up|..",
            "l|d/up|../..",
            "l|d/root|..",
            "l|trick|d/root/..",
            "l|good|d",
        )
        self.assertEqual(sorted(told), ["abs", "d/up", "trick", "up"])
        self.assertEqual(self.landed(), ["in", "in/d", "in/d/root", "in/good"])

    def test_planted(self) -> None:
        """
        What comes through a link that is there is refused: from the guest, or put here by others.
        """
        (self.here / "out").mkdir()
        self.target.mkdir()
        (self.target / "planted").symlink_to("../out")
        told = self.skipped("l|d|.", "f|d/x", "f|planted/x", "f|good", "f|good/x")
        self.assertEqual(sorted(told), ["d", "good/x", "planted/x"])
        self.assertEqual(self.landed(), ["in", "in/d", "in/d/x", "in/good", "in/planted", "out"])
        self.assertTrue((self.target / "d").is_dir() and not (self.target / "d").is_symlink())

    def test_kinds(self) -> None:
        """
        Devices and their like are not made, and what is listed twice is copied once.
        """
        told = self.skipped("c|dev", "p|pipe", "s|sock", "?|what", "f|a", "f|a", "d|a")
        self.assertEqual(sorted(told), ["a", "dev", "pipe", "sock", "what"])
        self.assertEqual(told["a"], "it was listed twice")
        self.assertEqual(self.landed(), ["in", "in/a"])

    def test_twins(self) -> None:
        """
        Names that differ in case are two files here.
        """
        self.assertEqual(self.skipped("f|a", "f|A"), {})
        self.assertEqual(self.landed(), ["in", "in/A", "in/a"])

    def test_much(self) -> None:
        """
        More names than wanted, more octets than wanted, or than the disk has, are not begun.
        """
        lines = [f"f|{each}" for each in range(10)]
        self.failure(self.pull(*lines, most_names=9), TooLarge)
        self.failure(self.pull(*lines, most=29), TooLarge)
        self.now(self.pull(*lines, most=30, most_names=10))
        pulling = self.shell({"/r/a": b"aaa"})
        pulling.listing = b"all\0f 640 999999999999999999 5.0 a\0\0"
        self.failure(self.files.pull("/r", self.here / "x", recursive=True), OSError)
        self.assertEqual(list((self.here / "x").iterdir()), [])

    def test_lies_of_size(self) -> None:
        """
        A guest that tells of little and has much is given up.
        """
        guest = self.lying(b"x" * 1000)
        asked = self.files.pull("/r", self.target, recursive=True, most=2500)
        self.failure(asked, TooLarge)
        self.assertLessEqual(sum(each.stat().st_size for each in self.target.iterdir()), 2500)
        self.assertEqual(len(guest.files), 10)

    def test_lies_of_digests(self) -> None:
        """
        What is kept of bad copies, to be gone on with, counts too: it does not fill a disk.
        """
        self.lying(b"x" * 1000).answer("guest-exec-status", self.wrong_digest)
        asked = self.files.pull("/r", self.target, recursive=True, most=2500, resume=True)
        self.failure(asked, TooLarge)
        self.assertLessEqual(sum(each.stat().st_size for each in self.target.iterdir()), 2500)

    def wrong_digest(self, said: Any) -> Any:
        told = self.guest._told[said["pid"]]
        wrong = base64.b64encode(b"0" * 64).decode()
        return {**told, "out-data": wrong} if self.guest.scripts[-1] == _SCRIPT else told

    def lying(self, content: bytes) -> ShellGuest:
        guest = self.shell({f"/r/{each}": content for each in range(10)})
        guest.listing = found(*(f"f|{each}" for each in range(10)))
        return guest

    def test_skipped(self) -> None:
        """
        A file that cannot be read is told of, and the others are copied.
        """
        self.shell({"/r/b": b"aaa"})
        self.guest.listing = found("f|a", "f|b")
        report = self.now(self.files.pull("/r", self.target, recursive=True))
        self.assertEqual([each.name for each in report.skipped], ["a"])
        self.assertEqual((report.files, self.landed()), (1, ["in", "in/b"]))

    def test_refused(self) -> None:
        """
        What cannot be listed is not copied, and no folder is made for it; a stream is no folder.
        """
        self.bare()
        self.failure(self.files.pull("/r", self.target, recursive=True), CommandNotFound)
        self.failure(self.files.pull("/r", io.BytesIO(), recursive=True), TypeError)
        self.assertEqual(self.landed(), [])
        guest = self.shell()
        guest.listing = found()
        self.failure(self.files.pull("/r", self.here / "x/y", recursive=True), OSError)
        guest._run = lambda script, arguments: (20, "")  # type: ignore[method-assign]
        self.failure(self.files.pull("/r", self.target, recursive=True), CommandFailed, OSError)

    def test_resumed(self) -> None:
        """
        Files that are here already are not copied again.
        """
        self.target.mkdir()
        (self.target / "a").write_bytes(b"aaa")
        (self.target / "b").write_bytes(b"xxx")
        os.mkfifo(self.target / "p")
        report = self.now(self.pull("f|a", "f|b", "f|p", resume=True))
        self.assertEqual((report.octets, report.resumed, report.files), (9, 3, 3))
        for name in "abp":
            self.assertEqual((self.target / name).read_bytes(), b"aaa")

    def test_resumed_beside(self) -> None:
        """
        What is called as the part of a file would be taken for it, and is told, not lost.
        """
        part = ".a.txqga-part"
        for resume, names in ((False, [part, "a"]), (True, ["a"])):
            self.target = self.here / str(resume)
            report = self.now(self.pull(f"f|{part}", "f|a", resume=resume))
            self.assertEqual(sorted(each.name for each in self.target.iterdir()), names)
            self.assertEqual(report.files, len(names))
            self.assertEqual([each.name for each in report.skipped], [part] if resume else [])
