"""Names of files, as the other side says them."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.files._names import (
    LONGEST,
    base,
    below,
    beside,
    fault,
    folded,
    is_beside,
    points_inside,
    shown,
)


class NamesTests(SynchronousTestCase):
    def test_faults(self) -> None:
        """
        A name that is none, or leads out, or that a terminal would obey, is refused.
        """
        for name in ("a", "a b", ".a", "..a", "é", "-rf", "a\\b", "x" * LONGEST, "~", "*"):
            self.assertIs(fault(name), None, name)
        for name, why in (
            ("", "it is no name"),
            (".", "it is no name"),
            ("..", "it is no name"),
            ("/etc/passwd", "it is no name, but a way out"),
            ("../x", "it is no name, but a way out"),
            ("a\0", "it is no name, but a way out"),
            ("é" * 128, "its name is too long"),
            ("a\nb", "there are control characters in its name"),
            ("\x1b[2J", "there are control characters in its name"),
            ("a\x9b", "there are control characters in its name"),
            ("a\udcff", "its name is no UTF-8"),
        ):
            self.assertEqual(fault(name), why, name)

    @given(st.text())
    def test_shown(self, name: str) -> None:
        """
        What is shown does nothing to a terminal, and is UTF-8.
        """
        told = shown(name)
        self.assertTrue(told.isprintable() or not told.encode("utf-8").isascii())
        self.assertNotIn("\x1b", told)

    def test_shown_escaped(self) -> None:
        """
        What cannot be shown is written in a way that people know.
        """
        self.assertEqual(shown("a\x1b[2J\n\u202eb\udcff"), "a\\x1b[2J\\n\\u202eb\\udcff")

    def test_links(self) -> None:
        """
        A link is one that stays inside if it goes up no further than it is deep, and not again.
        """
        for target, depth, inside in (
            ("a", 0, True),
            ("./a//b", 0, True),
            ("../a", 1, True),
            ("../../a/b", 2, True),
            ("..", 1, True),
            ("../a", 0, False),
            ("../../a", 1, False),
            ("a/../b", 5, False),
            ("a/..", 0, False),
            ("/etc/passwd", 5, False),
            ("", 5, False),
            ("a\0b", 5, False),
        ):
            self.assertEqual(points_inside(target, depth), inside, (target, depth))

    def test_paths(self) -> None:
        """
        A path of a guest is taken apart as the guest would.
        """
        self.assertEqual(base("/a/b/"), "b")
        self.assertEqual(base("C:\\a\\b.txt", windows=True), "b.txt")
        self.assertEqual(base("C:/a/b", windows=True), "b")
        self.assertEqual(below("/a", ("b", "c")), "/a/b/c")
        self.assertEqual(beside("/a/b", "part"), "/a/.b.part")
        self.assertEqual(beside("b", "part"), ".b.part")
        long = beside("/a/" + "é" * 127, "part")
        self.assertLessEqual(len(long.removeprefix("/a/").encode()), LONGEST)

    def test_folded(self) -> None:
        """
        Names that some filesystems take for the same are the same.
        """
        self.assertEqual(folded("É.TXT"), folded("e\u0301.txt"))
        self.assertNotEqual(folded("a"), folded("b"))

    def test_is_beside(self) -> None:
        """
        A file of ours is known by its name.
        """
        self.assertTrue(is_beside(beside("a", "part"), "part"))
        for name in ("a", ".a", "a.part", ".part"):
            self.assertFalse(is_beside(name, "part"), name)
