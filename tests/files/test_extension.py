"""A guest whose agent is ours: one that has the agent's own functions."""

import os
from typing import Any

from tests.files._case import FilesCase
from txqga.agent.families._paths import Paths
from txqga.errors import CommandFailed, TooLarge
from txqga.files._choice import choose_system
from txqga.files._extension import COMMANDS, Extension
from txqga.files._system import Kind, Stat


def asked(function: Any) -> Any:
    """Let a function answer, and its errors be errors."""

    def answer(arguments: Any) -> Any:
        try:
            return function(arguments)
        except CommandFailed as why:
            return why

    return answer


class ExtensionTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.bare()
        for name, served in Paths().commands().items():
            self.guest.answer(name, asked(served.function))
        self.system = Extension(self.guest)

    def path(self, name: str) -> str:
        return str(self.here / name)

    def test_chosen(self) -> None:
        """
        It is used where the agent has all of it.
        """
        self.assertEqual(set(COMMANDS), set(Paths().commands()))
        self.assertIsInstance(self.now(choose_system(self.kit())), Extension)

    def test_stat(self) -> None:
        """
        What is there is told, and what a link leads to; what is not there is nothing.
        """
        (self.here / "a").write_bytes(b"hello")
        (self.here / "a").chmod(0o4711)
        os.utime(self.here / "a", ns=(5, 7))
        (self.here / "l").symlink_to("a")
        told = Stat(kind=Kind.FILE, mode=0o711, size=5, mtime=7)
        self.assertEqual(self.now(self.system.stat(self.path("l"))), told)
        self.assertIs(self.now(self.system.stat(self.path("x"))), None)

    def test_lies(self) -> None:
        """
        What makes no sense is not known.
        """
        said = {"type": "door", "mode": -1, "size": -5, "mtime": -7}
        self.guest.answer("txqga-file-stat", said)
        told = self.now(self.system.stat("/x"))
        self.assertEqual(told, Stat(kind=Kind.OTHER, mode=0o777, size=0, mtime=None))

    def test_settle(self) -> None:
        """
        A file of our own is made, and gets its mode, its time and its name.
        """
        (self.here / "a").write_bytes(b"old")
        self.now(self.system.create(self.path("a")))
        found = (self.here / "a").stat()
        self.assertEqual((found.st_size, found.st_mode & 0o777), (0, 0o600))
        lost = self.now(self.system.settle(self.path("a"), self.path("b"), 0o644, 7))
        found = (self.here / "b").stat()
        self.assertEqual((lost, found.st_mode & 0o777, found.st_mtime_ns), ([], 0o644, 7))
        self.guest.answer("txqga-file-set", CommandFailed("Operation not permitted"))
        lost = self.now(self.system.settle(self.path("b"), self.path("b"), 0o644, 7))
        self.assertEqual((lost, self.names), (["mode", "time"], ["b"]))
        self.now(self.system.remove(self.path("b")))
        self.assertEqual(self.names, [])

    def test_tree(self) -> None:
        """
        A folder is listed with all that is below it; links are not followed.
        """
        self.now(self.system.make_folder(self.path("d/e")))
        self.now(self.system.link(self.path("d/l"), "e"))
        self.now(self.system.link(self.path("d/l"), "/etc"))
        for name in range(3):
            (self.here / "d/e" / str(name)).write_bytes(b"x" * name)
        tree = self.now(self.system.walk(str(self.here), 6))
        told = {"/".join(each.names): each.stat.kind for each in tree.entries}
        self.assertEqual(
            told,
            {
                "d": Kind.FOLDER,
                "d/e": Kind.FOLDER,
                "d/l": Kind.LINK,
                "d/e/0": Kind.FILE,
                "d/e/1": Kind.FILE,
                "d/e/2": Kind.FILE,
            },
        )
        (target,) = [each.stat.target for each in tree.entries if each.stat.kind is Kind.LINK]
        self.assertEqual((target, tree.complaints), ("/etc", ()))
        self.failure(self.system.walk(str(self.here), 5), TooLarge)
        self.failure(self.system.walk(self.path("x"), 5), CommandFailed)

    def test_endless(self) -> None:
        """
        A listing without end, and folders in folders without end, are given up.
        """
        entry = {"type": "folder", "mode": 0, "size": 0, "mtime": 0, "name": "x"}
        for more in ({"next": "00"}, {}):
            self.guest.answer("txqga-file-list", {"entries": [entry], **more})
            self.failure(self.system.walk("/a", 100), TooLarge)

    def test_unreadable(self) -> None:
        """
        A folder that cannot be read is told of, and the others are listed.
        """
        entry = {"type": "folder", "mode": 0, "size": 0, "mtime": 0}
        first = {"entries": [{**entry, "name": name} for name in "ab"]}

        def listing(said: Any) -> Any:
            if said["path"] == "/r":
                return first
            if said["path"] == "/r/a":
                return CommandFailed("Permission denied")
            return {"entries": []}

        self.guest.answer("txqga-file-list", listing)
        tree = self.now(self.system.walk("/r", 5))
        self.assertEqual([each.names for each in tree.entries], [("a",), ("b",)])
        self.assertEqual(tree.complaints, ("Permission denied",))

    def test_long_names(self) -> None:
        """
        Names that are longer than any, and links that lead to such, are too much long before the
        memory is full of them.
        """
        entry = {"type": "link", "mode": 0, "size": 0, "mtime": 0}
        for said in ({"name": "x" * 1000}, {"name": "x", "target": "y" * 1000}):
            self.guest.answer("txqga-file-list", {"entries": [{**entry, **said}], "next": "x"})
            before = self.guest.executed.count("txqga-file-list")
            self.failure(self.system.walk("/r", 100), TooLarge)
            self.assertEqual(self.guest.executed.count("txqga-file-list") - before, 26)
