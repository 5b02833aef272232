"""Where a file is."""

import click
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._place import SIZE, Place, place_of


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


class SizeTests(SynchronousTestCase):
    def test_sizes(self) -> None:
        """
        Sizes are numbers, with a letter for how large they are.
        """
        for word, size in (("7", 7), ("64k", 65536), ("10M", 10 << 20), ("1.5GiB", 3 << 29)):
            self.assertEqual(SIZE.convert(word, None, None), size)
        for word in ("", "k", "1x", "-1", "1e3"):
            self.assertRaises(click.BadParameter, SIZE.convert, word, None, None)
