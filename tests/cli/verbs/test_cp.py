"""``txqga cp``."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from attrs import evolve

from tests.cli._case import MemoryRun, VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._where import Where
from txqga.cli.verbs._cp import cp
from txqga.errors import CommandFailed

DEFAULTS: dict[str, Any] = {
    "recursive": False,
    "resume": False,
    "verify": True,
    "keep": True,
    "rate": None,
    "most": None,
    "quiet": False,
}


class CpTests(VerbCase):
    """With a guest that can open files, and nothing else."""

    def setUp(self) -> None:
        super().setUp()
        self.here = Path(self.mktemp()).absolute()
        self.here.mkdir()
        (self.here / "a").write_bytes(b"hello")

    def copy(
        self, source: str, target: str, run: MemoryRun | None = None, **options: Any
    ) -> tuple[MemoryRun, Any]:
        """Copy; with the guest, and its files."""
        run = self.start() if run is None else run
        given = {**DEFAULTS, "source": source, "target": target, **options}
        self.assertEqual(self.done(cp.work(run, **given)), Exit.GOOD)
        return run, run.guests["db1"].files

    def refused(
        self, source: str, target: str, run: MemoryRun | None = None, **options: Any
    ) -> str:
        run = self.start() if run is None else run
        given = {**DEFAULTS, "source": source, "target": target, **options}
        why = self.failed(cp.work(run, **given), Complaint)
        self.assertEqual(why.exit, Exit.USAGE)
        return str(why)

    def test_push(self) -> None:
        """
        A file is copied into the guest, under its own name where a folder is named.
        """
        for target, path in (("db1:/b", "/b"), ("db1:/", "/a"), ("db1:/c/", "/c/a")):
            run, files = self.copy(f"{self.here}/a", target)
            self.assertEqual(files, {path: b"hello"})
            self.assertEqual(run.stdout.getvalue(), "")
            self.assertIn("written where it belongs", run.stderr.getvalue())

    def test_pull(self) -> None:
        """
        A file is copied out of the guest, also into a folder that is there, and to a stream.
        """
        for target in (f"{self.here}/x", str(self.here)):
            run = self.start()
            run.guests["db1"].files["/x"] = b"octets"
            self.copy("db1:/x", target, run)
            self.assertEqual((self.here / "x").read_bytes(), b"octets")
            (self.here / "x").unlink()
        run = self.start()
        run.guests["db1"].files["/x"] = b"\x1b"
        self.copy("db1:/x", "-", run)
        self.assertEqual((run.stdout.getvalue(), run.stderr.getvalue()), ("\\x1b", ""))

    def test_stdin(self) -> None:
        """
        What is piped in is copied into the guest.
        """

        class Piped:
            buffer = BytesIO(b"piped")

        self.patch(sys, "stdin", Piped)
        _, files = self.copy("-", "db1:/x", quiet=True)
        self.assertEqual(files, {"/x": b"piped"})

    def test_direct(self) -> None:
        """
        With an endpoint there is no guest to name.
        """
        run = self.start()
        run.where = evolve(run.where, connect="/agent")
        _, files = self.copy(f"{self.here}/a", ":/b", run)
        self.assertEqual(files, {"/b": b"hello"})
        self.assertIn("named already", self.refused("a", "db1:/b", run))
        self.assertEqual(Where().is_direct, False)

    def test_json(self) -> None:
        """
        Programs are told what became of it.
        """
        run, _ = self.copy(f"{self.here}/a", "db1:/b", self.start(json=True))
        self.assertEqual((run.values[0]["octets"], run.values[0]["in-place"]), (5, True))

    def test_windows(self) -> None:
        """
        Into Windows and out of it: no shell is run there, paths are its own, and the copy is
        compared by reading it back; here a file has its last name.
        """
        self.answers["guest-get-osinfo"] = {"id": "mswindows"}
        run, files = self.copy(f"{self.here}/a", "db1:C:\\srv\\")
        self.assertEqual(files, {"C:\\srv\\a": b"hello"})
        self.assertNotIn("guest-exec", run.guests["db1"].executed)
        target = self.here / "got"
        target.mkdir()
        for path in ("C:\\x\\..\\srv\\b.txt", "C:/srv/b.txt"):
            run = self.start()
            run.guests["db1"].files[path] = b"there"
            self.copy(f"db1:{path}", f"{target}/", run)
            self.assertEqual([each.name for each in target.iterdir()], ["b.txt"])
            self.assertEqual((target / "b.txt").read_bytes(), b"there")

    def test_advice(self) -> None:
        """
        Whoever forgets that it is a folder is told what to say.
        """
        folder = self.here / "folder"
        folder.mkdir()
        self.answers["guest-file-read"] = CommandFailed("failed to read file: Is a directory")
        for source, target in ((str(folder), "db1:/b"), ("db1:/srv", str(folder / "x"))):
            run = self.start()
            run.guests["db1"].files["/srv"] = b""
            given = {**DEFAULTS, "source": source, "target": target}
            why = self.failed(cp.work(run, **given), Complaint)
            self.assertEqual(why.exit, Exit.REFUSED)
            self.assertIn("say --recursive", str(why))

    def test_usage(self) -> None:
        """
        Exactly one side is in a guest, and what has no name needs one.
        """
        self.assertIn("both here", self.refused("a", "b"))
        self.assertIn("both are in guests", self.refused("db1:a", "db2:b"))
        self.assertIn("which guest", self.refused("a", ":/b"))
        self.assertIn("can be called", self.refused("a", "..:/b"))
        self.assertIn("no folder", self.refused("-", "db1:/b", recursive=True))
        for source in ("-", "..", "/"):
            self.assertIn("called", self.refused(source, "db1:/b/"))
