"""The tutorial's first freeze, typed as it stands there."""

import re
import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from tests.functional._cli import surroundings
from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._process import Process

PYTHON = f'exec "{sys.executable}" -m'


class Toy(Process):
    """The guest in memory."""

    def __init__(self) -> None:
        super().__init__([sys.executable, "-m", "txqga.testing"])
        self.socket = self.folder / "toy.sock"
        self.argv.append(str(self.socket))

    def ready(self) -> bool:
        return self.socket.exists()


class TutorialTests(SynchronousTestCase):
    def setUp(self) -> None:
        text = (ROOT / "docs" / "tutorial.rst").read_text()
        self.text = text[text.index("The first freeze") : text.index("From a program")]
        self.toy = Toy()
        self.addCleanup(self.toy.remove)
        self.toy.start()

    def test_freeze(self) -> None:
        """
        A guest in memory is frozen and thawed through a mux, by the words of the tutorial, and what
        is shown there is what they say.
        """
        (words,) = re.findall(r"qga-mux --serve (.*?)\n\n", self.text, re.DOTALL)
        options = words.replace("\\\n", " ").split()
        self.assertEqual(options[1:3], ["--guest", "toy=unix:/tmp/first/toy.sock"])
        mux = MuxProcess({"toy": self.toy.socket}, wait_for=[])
        self.addCleanup(mux.remove)
        here = {"/tmp/first/guests": str(mux.served), "/tmp/first": str(mux.folder)}
        for there, ours in here.items():
            options = [each.replace(there, ours) for each in options]
        mux.argv += options[3:]
        mux.start()
        typed = re.findall(r"\$ (txqga .*)\n((?: +[^ $].*\n)*)", self.text)
        self.assertEqual(len(typed), 5)
        for line, shown in typed:
            said = self.type(line, str(mux.served))
            if "quiesce" in line:
                self.assertIn("txqga: toy was frozen for", said)
            for each in re.findall(r"toy is .*", shown):
                self.assertIn(each, said)

    def type(self, line: str, served: str) -> str:
        """Type a line; it succeeds; what it prints."""
        done = subprocess.run(
            ["sh", "-c", line.replace("txqga ", f"{PYTHON} txqga.cli ", 1)],
            env={**surroundings(), "TXQGA_MUX": served},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, f"{line}: {done.stdout}")
        return done.stdout

    def test_taken(self) -> None:
        """
        Where there is something already, no guest is served, and it is said what can be done.
        """
        argv = [sys.executable, "-m", "txqga.testing", str(self.toy.socket)]
        done = subprocess.run(
            argv, env=surroundings(), capture_output=True, timeout=PATIENCE, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("choose another path", done.stderr)
        self.assertNotIn("Traceback", done.stderr)
