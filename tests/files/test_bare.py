"""A guest that can open files, and nothing else."""

from tests.files._case import FilesCase
from txqga.errors import CommandNotFound
from txqga.files._bare import Bare


class BareTests(FilesCase):
    def test_nothing(self) -> None:
        """
        What cannot be done is an error, or told as lost where the copy is good without it.
        """
        self.bare()
        bare = Bare()
        self.assertIs(self.now(bare.stat("/a")), None)
        self.assertEqual(self.now(bare.settle("/a", "/a", 0o644, 5)), ["mode", "time"])
        self.assertEqual(self.now(bare.settle("/a", "/a", None, None)), [])
        for asked in (
            bare.create("/a"),
            bare.remove("/a"),
            bare.make_folder("/a"),
            bare.link("/a", "b"),
            bare.walk("/a", 5),
        ):
            self.failure(asked, CommandNotFound)
        self.assertEqual(self.guest.executed, [])
