"""The console script."""

import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from txqga.cli import main

_LEAN = """
import sys
from txqga.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    heavy = ("twisted", "automat", "rich", "orjson")
    print(*sorted(each for each in sys.modules if each.split(".")[0] in heavy), file=sys.stderr)
"""


class MainTests(SynchronousTestCase):
    def test_status(self) -> None:
        """
        The exit status says how it went.
        """
        for words, status in ((["--version"], 0), (["bake"], 2)):
            self.patch(sys, "stderr", sys.stdout)
            why = self.assertRaises(SystemExit, main, words)
            self.assertEqual(why.code, status)

    def test_lean(self) -> None:
        """
        Help comes without the reactor, and all that needs it.
        """
        for words in (["--help"], ["ping", "--help"]):
            argv = [sys.executable, "-c", _LEAN, *words]
            done = subprocess.run(argv, capture_output=True, text=True, check=True)
            self.assertIn("Usage", done.stdout)
            self.assertEqual(done.stderr, "\n")
