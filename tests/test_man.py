"""What is written of the command ``txqga``."""

import shutil
import subprocess
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from docs.man import MAN, Page, main, pages, roff, stale

PAGE = Page(
    words="txqga do",
    usage="[OPTIONS] GUEST",
    paragraphs=("Do something with GUEST. And more.", ".hidden `x` C:\\path"),
    options=(("--far", "Go far."),),
    examples=("txqga do db1 --far",),
)


class ManTests(SynchronousTestCase):
    def test_current(self) -> None:
        """
        The man pages and the reference say what the command says: ``make man``.
        """
        self.assertEqual(stale(), [])
        self.assertEqual(main(["--check"]), 0)

    def test_all(self) -> None:
        """
        Each verb has a page, and so has each of those below one.
        """
        names = [page.name for page in pages()]
        for name in ("txqga", "txqga-call", "txqga-ssh-key", "txqga-ssh-key-add"):
            self.assertIn(name, names)
        self.assertEqual(len(set(names)), len(names))

    def test_written(self) -> None:
        """
        Nothing that is said is taken for a request to the formatter.
        """
        lines = roff(PAGE).splitlines()
        self.assertIn("txqga\\-do \\- Do something with GUEST", lines)
        self.assertIn("\\&.hidden \\(gax\\(ga C:\\epath", lines)
        self.assertIn("txqga do db1 \\-\\-far", lines)

    def test_formatted(self) -> None:
        """
        The formatter understands every word.
        """
        groff = shutil.which("groff")
        if groff is None:
            raise SkipTest("no groff on this machine")
        argv = [groff, "-man", "-Tutf8", "-ww", *map(str, sorted(MAN.glob("*.1")))]
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
