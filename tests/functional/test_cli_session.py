"""What the documentation shows of ``txqga``, typed again."""

import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE

ROOT = Path(__file__).parents[2]


class SessionTests(SynchronousTestCase):
    timeout = 8 * PATIENCE

    def test_recorded(self) -> None:
        """
        The record has the commands that it should have, and each still ends as it says.
        """
        done = subprocess.run(
            [sys.executable, "-m", "docs.session", "--check"],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
