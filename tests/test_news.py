"""The news fragments: what users are told of each change."""

import re

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT

FOLDER = ROOT / "docs" / "newsfragments"
NAME = re.compile(r"(\+[a-z0-9-]+|\d+)\.(feature|bugfix|doc|removal|misc)\.rst")


class NewsTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        A fragment is named so that the changelog finds it.
        """
        strays = [path.name for path in FOLDER.iterdir() if not NAME.fullmatch(path.name)]
        self.assertEqual(strays, [])

    def test_sentences(self) -> None:
        """
        A fragment is a sentence or two, not an essay.
        """
        for path in FOLDER.iterdir():
            text = " ".join(path.read_text(encoding="utf-8").split())
            self.assertRegex(text, r"\A[A-Z`*:].{10,500}\.\Z", path.name)
