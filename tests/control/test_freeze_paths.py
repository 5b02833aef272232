"""What the OpenAPI document says of freezes."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._freeze_paths import FREEZE_PATHS
from txqga.control._problem import CODES


class FreezePathsTests(SynchronousTestCase):
    def test_told(self) -> None:
        """
        Each code that is about freezes can happen somewhere, and is told there.
        """
        told = repr(FREEZE_PATHS)
        for code in CODES:
            if "froze" in code or code in ("did-not-hold", "hook-failed", "not-renewed"):
                self.assertIn(f"`{code}`", told)
