"""A folder of this host, into which a guest's files come."""

import os

from tests.files._case import FilesCase, open_files
from txqga.files._landing import Landing, open_landing


class LandingTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.landing = self.land()

    def land(self) -> Landing:
        landing = open_landing(self.here / "in")
        self.addCleanup(landing.close)
        return landing

    def test_folders(self) -> None:
        """
        Folders are made as they are needed; one that is there is as good.
        """
        for _ in range(2):
            for names in ((), ("a",), ("a", "b"), ("c",)):
                folder = self.landing.folder(names)
                found = (self.here / "in").joinpath(*names).stat()
                self.assertEqual(os.fstat(folder).st_ino, found.st_ino)

    def test_planted(self) -> None:
        """
        A link leads nowhere, wherever it is put; what is no folder is none.
        """
        (self.here / "out").mkdir()
        (self.here / "in/l").symlink_to("../out")
        (self.here / "in/f").write_bytes(b"")
        self.landing.folder(("a",))
        (self.here / "in/a/l").symlink_to("/")
        for names in (("l",), ("l", "x"), ("a", "l", "x"), ("f",), ("f", "x")):
            self.assertRaises(OSError, self.landing.folder, names)
        self.assertEqual(list((self.here / "out").iterdir()), [])

    def test_links(self) -> None:
        """
        A link takes the place of a link, and of nothing else.
        """
        for target in ("a", "b"):
            self.landing.link(("d", "l"), target)
            self.assertEqual(str((self.here / "in/d/l").readlink()), target)
        (self.here / "in/f").write_bytes(b"x")
        for name in ("f", "d"):
            self.assertRaises(OSError, self.landing.link, (name,), "a")
        self.assertEqual((self.here / "in/f").read_bytes(), b"x")

    def test_twins(self) -> None:
        """
        Names that differ in case are two, unless the filesystem takes them for one.
        """
        inside = self.here / "in"
        self.assertIs(self.landing.twin(("a",)), None)
        (inside / "a").write_bytes(b"")
        self.assertIs(self.landing.twin(("a",)), None)
        self.assertIs(self.landing.twin(("A",)), None)
        os.link(inside / "a", inside / "A")  # as if the filesystem did
        self.assertEqual(self.landing.twin(("A",)), "a")
        self.assertIs(self.landing.twin(("d", "A")), None)

    def test_settled(self) -> None:
        """
        A folder gets its mode, without what would give rights, and its time.
        """
        self.landing.folder(("a",))
        self.landing.settle(("a",), 0o2751, 7)
        found = (self.here / "in/a").stat()
        self.assertEqual((found.st_mode & 0o7777, found.st_mtime_ns), (0o751, 7))
        self.landing.settle(("a",), None, None)
        self.assertGreater(self.landing.room(), 0)

    def test_closed(self) -> None:
        """
        No descriptor stays open, whatever was refused.
        """
        before = open_files()
        landing = self.land()
        landing.folder(("a", "b"))
        (self.here / "in/f").write_bytes(b"")
        self.assertRaises(OSError, landing.folder, ("f",))
        landing.close()
        landing.close()
        self.assertEqual(open_files(), before)
        self.assertRaises(OSError, open_landing, self.here / "x/y")
        self.assertRaises(OSError, open_landing, self.here / "in/f")
