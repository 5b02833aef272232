"""What of a folder cannot be copied, while the rest is."""

from errno import ENOSPC, EPERM
from typing import Any

from tests.files._case import FilesCase
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, CopyDiffers, Misfit
from txqga.files import Skipped
from txqga.files._skips import Skips


class SkipsTests(FilesCase):
    def did(self, why: Exception | None) -> Any:
        self.bare()
        self.skips = Skips()

        async def doing() -> None:
            if why is not None:
                raise why

        return self.coming(self.skips.did(("a", "b\x1b"), doing()))

    def test_skipped(self) -> None:
        """
        What cannot be done with one file is told, and does not keep others from it.
        """
        for why, told in (
            (CommandFailed("no\n"), "no\\n"),
            (CopyDiffers("/a", "program"), "the copy of /a is not what the file is (program)"),
            (Misfit("x", "y"), "x: y"),
            (OSError(EPERM, "not yours"), "not yours"),
            (OSError("odd"), "odd"),
        ):
            self.assertFalse(self.successResultOf(self.did(why)))
            self.assertEqual(self.skips.told, [Skipped("a/b\\x1b", told)])
        self.assertTrue(self.successResultOf(self.did(None)))
        self.assertEqual(self.skips.told, [])

    def test_hopeless(self) -> None:
        """
        What would happen to all of them ends the copy.
        """
        for why in (OSError(ENOSPC, "full"), CommandNotFound("x"), AgentUnavailable("x", "y")):
            self.failureResultOf(self.did(why), type(why))
            self.assertEqual(self.skips.told, [])
