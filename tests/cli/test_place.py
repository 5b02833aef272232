"""Where a file is."""

import click
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._place import RATE, SIZE, Place, place_of


class PlaceTests(SynchronousTestCase):
    def test_read(self) -> None:
        """
        A colon tells the guest from the path, unless a slash says that both are here.
        """
        for word, guest, path in (
            ("db1:/a", "db1", "/a"),
            (":/a", "", "/a"),
            ("db1:C:\\a", "db1", "C:\\a"),
            ("a", None, "a"),
            ("./a:b", None, "./a:b"),
            ("/a:b", None, "/a:b"),
            ("-", None, "-"),
        ):
            self.assertEqual(place_of(word), Place(guest, path))
        self.assertTrue(place_of("-").is_stream)
        self.assertFalse(place_of("db1:-").is_stream)

    def test_name(self) -> None:
        """
        The last name of a path is one, if it is any.
        """
        for path, name in (("/a/b", "b"), ("b/", "b"), ("/a/..", ""), (".", ""), ("/", "")):
            self.assertEqual(Place(None, path).name, name)

    def test_windows(self) -> None:
        """
        In a guest with Windows both slashes part a path; here a backslash is part of a name.
        """
        for path, name in (
            ("C:\\logs\\a.txt", "a.txt"),
            ("C:/logs\\a.txt", "a.txt"),
            ("C:\\logs\\", "logs"),
            ("\\\\host\\share\\a.txt", "a.txt"),
            ("C:\\..\\..", ""),
            ("C:\\", ""),
            ("/srv/a\\b", "a\\b"),
        ):
            self.assertEqual(Place("win1", path).name, name, path)
        self.assertEqual(Place(None, "C:\\a").name, "C:\\a")

    def test_below(self) -> None:
        """
        What is put into a folder is called as its guest parts paths.
        """
        for folder, path in (
            ("C:\\logs\\", "C:\\logs\\a"),
            ("C:/logs/", "C:/logs/a"),
            ("C:\\", "C:\\a"),
            ("/srv/", "/srv/a"),
            ("/", "/a"),
        ):
            place = Place("g", folder)
            self.assertTrue(place.is_folder)
            self.assertEqual(place.below("a"), Place("g", path))
        for path in ("C:\\logs", "/srv/a\\"):
            self.assertFalse(Place("g", path).is_folder)


class SizeTests(SynchronousTestCase):
    def test_sizes(self) -> None:
        """
        Sizes are numbers, with a letter for how large they are.
        """
        for word, size in (("7", 7), ("64k", 65536), ("10M", 10 << 20), ("1.5GiB", 3 << 29)):
            self.assertEqual(SIZE.convert(word, None, None), size)
        for word in ("", "k", "1x", "-1", "1e3"):
            self.assertRaises(click.BadParameter, SIZE.convert, word, None, None)

    def test_rate(self) -> None:
        """
        With no octets at all in a second nothing would ever be copied.
        """
        self.assertEqual(RATE.convert("1k", None, None), 1024)
        self.assertRaises(click.BadParameter, RATE.convert, "0", None, None)
        self.assertEqual(SIZE.convert("0", None, None), 0)
