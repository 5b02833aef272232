"""The folders that lead to sockets; the sockets are files of that kind, and nobody listens."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux.discovery._pattern import Watch
from txqga.mux.discovery._tree import Place, Tree


def make_socket(path: Path) -> None:
    """Make a socket's file, and the folders that lead to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mknod(path, stat.S_IFSOCK | 0o600)


class TreeTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="tree", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.marks: dict[int, str] = {}
        self.tree = Tree(Watch.parse(f"{self.folder}/vm-{{name}}/agent"), self.mark, self.unmark)

    def mark(self, tree: Tree, place: Place) -> int:
        watch = Path(place[0]).stat().st_ino
        self.marks[watch] = place[0]
        return watch

    def unmark(self, tree: Tree, place: Place, watch: int) -> None:
        self.assertEqual(self.marks.pop(watch), place[0])

    def look(self, place: Place | None = None) -> list[str]:
        """Look there, and wherever it leads; the names of the guests."""
        agenda = [place or self.tree.root]
        while agenda:
            agenda += self.tree.look(agenda.pop())
        return [vm.name for vm in self.tree.found.values()]

    def watched(self) -> set[str]:
        """The folders that are watched, below the test's."""
        top = str(self.folder)
        return {path.removeprefix(top) for path in self.marks.values() if path.startswith(top)}

    def test_finds(self) -> None:
        """
        It finds the sockets that are there, and watches every folder on the way.
        """
        make_socket(self.folder / "vm-a/agent")
        make_socket(self.folder / "vm-b/agent")
        make_socket(self.folder / "other/agent")
        (self.folder / "vm-c").mkdir()
        self.assertEqual(sorted(self.look()), ["a", "b"])
        self.assertEqual(self.watched(), {"", "/vm-a", "/vm-b", "/vm-c"})
        self.assertIn("/", self.marks.values())

    def test_only_sockets(self) -> None:
        """
        Files, folders, and links to sockets are none.
        """
        make_socket(self.folder / "elsewhere")
        for name in "abc":
            (self.folder / f"vm-{name}").mkdir()
        (self.folder / "vm-a/agent").touch()
        (self.folder / "vm-b/agent").mkdir()
        (self.folder / "vm-c/agent").symlink_to(self.folder / "elsewhere")
        (self.folder / "vm-d").touch()
        self.assertEqual(self.look(), [])

    def test_looking_again(self) -> None:
        """
        Looking again at everything finds what has changed, and leaves no watch behind.
        """
        make_socket(self.folder / "vm-a/agent")
        make_socket(self.folder / "vm-b/agent")
        self.look()
        shutil.rmtree(self.folder / "vm-a")
        (self.folder / "vm-b/agent").unlink()
        make_socket(self.folder / "vm-c/agent")
        self.assertEqual(self.look(), ["c"])
        self.assertEqual(self.watched(), {"", "/vm-b", "/vm-c"})

    def test_folder_replaced(self) -> None:
        """
        A folder that is another by now is watched in place of the old one.
        """
        make_socket(self.folder / "vm-a/agent")
        self.look()
        (old,) = (watch for watch, path in self.marks.items() if path.endswith("vm-a"))
        (self.folder / "vm-a").rename(self.folder / "away")
        make_socket(self.folder / "vm-a/agent")
        self.assertEqual(self.look(), ["a"])
        self.assertNotIn(old, self.marks)

    def test_made_again(self) -> None:
        """
        A socket that was made again is another guest.
        """
        path = self.folder / "vm-a/agent"
        make_socket(path)
        self.look()
        before = self.tree.found[str(path)]
        make_socket(self.folder / "new")
        self.look()
        self.assertIs(self.tree.found[str(path)], before)
        (self.folder / "new").rename(path)
        self.look()
        self.assertNotEqual(self.tree.found[str(path)], before)

    def test_one_name(self) -> None:
        """
        What is said of one name in a folder leads to that name alone, if it fits.
        """
        self.look()
        place = str(self.folder), len(self.folder.parts) - 1
        make_socket(self.folder / "vm-a/agent")
        make_socket(self.folder / "vm-b/agent")
        there = self.tree.child(place, "vm-b")
        self.assertEqual(self.look(there), ["b"])
        self.assertIsNone(self.tree.child(place, "other"))
        self.assertIsNone(self.tree.child(("/never/seen", 3), "vm-a"))

    def test_folder_goes(self) -> None:
        """
        With a folder everything goes that was below it.
        """
        make_socket(self.folder / "vm-a/agent")
        self.look()
        shutil.rmtree(self.folder)
        self.assertEqual(self.look((str(self.folder), len(self.folder.parts) - 1)), [])
        self.assertEqual(self.watched(), set())
        self.folder.mkdir()
        self.assertEqual(self.look(), [])

    def test_close(self) -> None:
        """
        What is closed watches nothing and has found nothing.
        """
        make_socket(self.folder / "vm-a/agent")
        self.look()
        self.tree.close()
        self.assertEqual((self.marks, self.tree.found), ({}, {}))

    def test_faults(self) -> None:
        """
        A socket that gives no proper name is left alone, and remembered with the reason.
        """
        path = self.folder / "vm--<b>/agent"
        make_socket(path)
        self.assertEqual(self.look(), [])
        self.assertIn("cannot be a guest's name", self.tree.faults[str(path)])
        path.unlink()
        self.look()
        self.assertEqual(self.tree.faults, {})

    def test_many(self) -> None:
        """
        The number of guests that a pattern finds is bounded.
        """
        self.patch(__import__("txqga.mux.discovery._tree", fromlist=["x"]), "MOST", 2)
        for name in "abcd":
            make_socket(self.folder / f"vm-{name}/agent")
        self.assertEqual(len(self.look()), 2)
        self.assertIn("has found 2 sockets already", next(iter(self.tree.faults.values())))
