"""What is in a folder of this host, and below it."""

import os

from tests.files._case import FilesCase
from txqga.files._local_tree import local_tree
from txqga.files._system import Kind


class LocalTreeTests(FilesCase):
    def test_tree(self) -> None:
        """
        All is listed, sorted, and links are not followed.
        """
        (self.here / "d/e").mkdir(parents=True)
        (self.here / "d/e/f").write_bytes(b"hello")
        (self.here / "d/e/f").chmod(0o6711)
        (self.here / "d/l").symlink_to("/etc")
        os.mkfifo(self.here / "p")
        entries, skipped = local_tree(self.here)
        self.assertEqual(
            [("/".join(each.names), each.stat.kind, each.stat.target) for each in entries],
            [
                ("d", Kind.FOLDER, None),
                ("d/e", Kind.FOLDER, None),
                ("d/e/f", Kind.FILE, None),
                ("d/l", Kind.LINK, "/etc"),
                ("p", Kind.OTHER, None),
            ],
        )
        self.assertEqual((entries[2].stat.mode, entries[2].stat.size), (0o711, 5))
        self.assertEqual(skipped, [])

    def test_none(self) -> None:
        """
        What is no folder has no tree.
        """
        (self.here / "f").write_bytes(b"")
        for name in ("f", "x"):
            self.assertRaises(OSError, local_tree, self.here / name)
