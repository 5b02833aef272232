"""txqga-file-stat and its like."""

import os
import stat
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.families._paths import Paths
from txqga.errors import CommandFailed
from txqga.schema import extended, structure


class PathsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.family = Paths()
        self.addCleanup(self.family.close)

    def ask(self, command: str, name: str = "", **arguments: Any) -> Any:
        served = self.family.commands()[f"txqga-file-{command}"]
        self.assertTrue(served.blocking)
        return served.function({"path": str(self.folder / name), **arguments})

    def refused(self, command: str, name: str = "", **arguments: Any) -> str:
        said = self.assertRaises(CommandFailed, self.ask, command, name, **arguments)
        return str(said).replace(f"{self.folder}/", "")

    def names(self, **arguments: Any) -> list[str]:
        return [each["name"] for each in self.ask("list", **arguments)["entries"]]

    def test_stat(self) -> None:
        """
        What a file is, and what a link leads to, is told apart.
        """
        path = self.folder / "a"
        path.write_bytes(b"hello")
        path.chmod(0o4750)
        os.utime(path, ns=(5, 1_000_000_007))
        (self.folder / "l").symlink_to("a")
        os.mkfifo(self.folder / "p")
        told = {"type": "file", "mode": 0o4750, "size": 5, "mtime": 1_000_000_007}
        self.assertEqual(self.ask("stat", "a"), told)
        self.assertEqual(self.ask("stat", "l", follow=True), told)
        link = self.ask("stat", "l")
        self.assertEqual((link["type"], link["target"]), ("link", "a"))
        self.assertEqual(self.ask("stat", "p")["type"], "other")
        self.assertEqual(self.ask("stat")["type"], "folder")
        for each in (told, link):
            structure(extended(), "TxqgaFileStatus", each)

    def test_list(self) -> None:
        """
        A folder is listed in parts, each name once, in the order of their octets.
        """
        names = ["B", "a", "b", "c", "é", os.fsdecode(b"\xff")]
        for name in names:
            (self.folder / name).write_bytes(b"")
        (self.folder / "c").unlink()
        (self.folder / "c").mkdir()
        whole = self.ask("list")
        self.assertEqual([each["name"] for each in whole["entries"]], names)
        self.assertNotIn("next", whole)
        structure(extended(), "TxqgaFileListing", self.ask("list", count=3))
        for count in (1, 2, 5, 6):
            found: list[str] = []
            given: dict[str, Any] = {}
            while True:
                part = self.ask("list", count=count, **given)
                self.assertLessEqual(len(part["entries"]), count)
                found += [each["name"] for each in part["entries"]]
                if "next" not in part:
                    break
                given = {"after": part["next"]}
            self.assertEqual(found, names)

    def test_list_short(self) -> None:
        """
        A reply is not longer than hosts take, however long the names and links are.
        """
        for each in range(100):
            (self.folder / f"{each:03}").symlink_to("\1" * 4000)
        part = self.ask("list")
        self.assertIn("next", part)
        self.assertLess(len(part["entries"]), 60)
        rest = self.ask("list", after=part["next"])
        self.assertEqual(len(part["entries"]) + len(rest["entries"]) > 60, True)

    def test_empty(self) -> None:
        """
        An empty folder has no entries.
        """
        self.assertEqual(self.ask("list"), {"entries": []})

    def test_create(self) -> None:
        """
        A new file is its owner's alone; what is there is left as it is.
        """
        self.ask("create", "a")
        found = (self.folder / "a").stat()
        self.assertEqual((found.st_size, stat.S_IMODE(found.st_mode)), (0, 0o600))
        (self.folder / "l").symlink_to("victim")
        for name in ("a", "l"):
            why = f"failed to create '{name}': File exists"
            self.assertEqual(self.refused("create", name), why)
        self.assertFalse((self.folder / "victim").exists())

    def test_set(self) -> None:
        """
        Mode and time are set, each if it is given.
        """
        path = self.folder / "a"
        path.write_bytes(b"")
        self.ask("set", "a", mode=0o2711, mtime=7)
        found = path.stat()
        self.assertEqual((stat.S_IMODE(found.st_mode), found.st_mtime_ns), (0o2711, 7))
        self.ask("set", "a", mode=0)
        self.ask("set", "a")
        self.assertEqual((stat.S_IMODE(path.stat().st_mode), path.stat().st_mtime_ns), (0, 7))

    def test_rename(self) -> None:
        """
        A file takes the place of another; a folder is no place for it.
        """
        (self.folder / "a").write_bytes(b"new")
        (self.folder / "b").write_bytes(b"old")
        (self.folder / "d").mkdir()
        self.ask("rename", "a", to=str(self.folder / "b"))
        self.assertEqual(self.names(), ["b", "d"])
        self.assertEqual((self.folder / "b").read_bytes(), b"new")
        why = "failed to rename 'b' to 'd': Is a directory"
        self.assertEqual(self.refused("rename", "b", to=str(self.folder / "d")), why)

    def test_rename_on_disk(self) -> None:
        """
        What shall be on the disk is there before it has its name, and then its name is.
        """
        synced: list[tuple[str, list[str]]] = []

        def sync(file: int) -> None:
            synced.append((str(Path(f"/proc/self/fd/{file}").readlink()), self.names()))

        self.patch(os, "fsync", sync)
        (self.folder / "a").write_bytes(b"new")
        self.ask("rename", "a", to=str(self.folder / "b"), sync=True)
        self.assertEqual(synced, [(str(self.folder / "a"), ["a"]), (str(self.folder), ["b"])])
        why = "failed to write 'x' to the disk: No such file or directory"
        self.assertEqual(self.refused("rename", "x", to="y", sync=True), why)

    def test_remove(self) -> None:
        """
        A file is removed, or a link and not what it leads to; twice is as good as once.
        """
        (self.folder / "a").write_bytes(b"")
        (self.folder / "l").symlink_to("a")
        (self.folder / "d").mkdir()
        for _ in range(2):
            self.ask("remove", "l")
            self.assertEqual(self.names(), ["a", "d"])
        self.assertEqual(self.refused("remove", "d"), "failed to remove 'd': Is a directory")

    def test_make_folder(self) -> None:
        """
        A folder is made with those it is in; twice is as good as once.
        """
        for _ in range(2):
            self.ask("make-folder", "a/b/c")
            self.assertTrue((self.folder / "a/b/c").is_dir())
        (self.folder / "f").write_bytes(b"")
        why = "failed to make folder 'f': File exists"
        self.assertEqual(self.refused("make-folder", "f"), why)

    def test_link(self) -> None:
        """
        A link is made; twice is as good as once, and what is there is left as it is.
        """
        for _ in range(2):
            self.ask("link", "l", target="../x")
            self.assertEqual(str((self.folder / "l").readlink()), "../x")
        (self.folder / "f").write_bytes(b"")
        self.assertEqual(self.refused("link", "l", target="y"), "failed to link 'l': File exists")
        why = "failed to link 'f': "
        self.assertTrue(self.refused("link", "f", target="y").startswith(why))

    def test_refused(self) -> None:
        """
        What cannot be is an error that says which file it is of.
        """
        for command, arguments, why in (
            ("stat", {}, "failed to look at 'x': No such file or directory"),
            ("list", {}, "failed to list 'x': No such file or directory"),
            ("list", {"count": 0}, "value '0' is invalid for argument count"),
            ("list", {"count": 1001}, "value '1001' is invalid for argument count"),
            ("list", {"after": "x"}, "no listing has told this value of argument after"),
            ("set", {"mode": 0o10000}, "value '4096' is invalid for argument mode"),
            ("set", {"mode": -1}, "value '-1' is invalid for argument mode"),
            ("set", {"mode": 5}, "failed to change 'x': No such file or directory"),
            ("rename", {"to": "y"}, "failed to rename 'x' to 'y': No such file or directory"),
            ("create", {}, "failed to create 'x/y': No such file or directory"),
        ):
            name = "x/y" if command == "create" else "x"
            self.assertEqual(self.refused(command, name, **arguments), why)
