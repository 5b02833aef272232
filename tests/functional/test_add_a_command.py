"""The page "Add a command in ten minutes", followed word by word."""

import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from tests.functional._client import PATIENCE
from tests.functional._oracle import DANGEROUS, OURS, AgentProcess, require
from tests.functional._process import environment

PAGE = ROOT / "docs" / "add-a-command.rst"
PLACE = "/tmp/acme"  #: where the page puts everything

_FILE = re.compile(
    r"^\.\. code-block:: \w+\n   :caption: (\S+)\n\n((?:    .*\n|\n)+)", re.MULTILINE
)
_STARTED = re.compile(r"^    \$ txqga-agent (.*)$", re.MULTILINE)
_TALK = re.compile(r'^    (\{"execute": .*)\n    (\{"(?:return|error)": .*)$', re.MULTILINE)
_ASKED = re.compile(r"^    \$ python (.*)\n    (.*)$", re.MULTILINE)
_FAULT = re.compile(r"^    (plug-in count is not loaded: .*)$", re.MULTILINE)


class AddACommandTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.agent = AgentProcess(require(OURS))
        self.addCleanup(self.agent.remove)
        self.place = self.agent.folder / "acme"
        (self.place / "plugins" / "count").mkdir(parents=True)
        self.page = PAGE.read_text(encoding="utf-8").replace(PLACE, str(self.place))
        for path, text in _FILE.findall(self.page):
            Path(path).write_text(textwrap.dedent(text), encoding="utf-8")
        (words,) = _STARTED.findall(self.page)
        self.agent.argv = [*self.agent.program.argv, *shlex.split(words), "-b", ",".join(DANGEROUS)]
        self.agent.socket = self.place / "agent.sock"

    def test_files(self) -> None:
        """
        The page has the files of a plug-in, and a program that uses it.
        """
        made = {str(each.relative_to(self.place)) for each in self.place.rglob("*.*")}
        files = {"plugins/count/schema.json", "plugins/count/commands.py", "ask.py"}
        self.assertEqual(made, files)

    def test_talk(self) -> None:
        """
        Each line that the page sends gets the reply that the page shows; nothing is written.
        """
        self.agent.start()
        talk = _TALK.findall(self.page)
        self.assertEqual(len(talk), self.page.count('{"execute"'))
        with self.agent.connect() as client:
            for request, reply in talk:
                client.send(f"{request}\n".encode())
                self.assertEqual(client.line().decode(), reply)
        names = {each.name for each in (self.place / "plugins" / "count").iterdir()}
        self.assertEqual(names, {"schema.json", "commands.py"})

    def test_program(self) -> None:
        """
        The page's program, run as it is there, prints what is there.
        """
        self.agent.start()
        ((words, printed),) = _ASKED.findall(self.page)
        done = subprocess.run(
            [sys.executable, *shlex.split(words)],
            cwd=self.agent.cwd,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertEqual((done.stdout, done.stderr), (f"{printed}\n", ""))

    def test_fault(self) -> None:
        """
        The mistake that the page makes is told as the page says.
        """
        schema = self.place / "plugins" / "count" / "schema.json"
        lines = schema.read_text().splitlines()
        before, _, after = lines[10].rpartition("'")
        lines[10] = before + after
        schema.write_text(os.linesep.join(lines))
        self.agent.start()
        self.assertIn(f": error: {_FAULT.findall(self.page)[0]}\n", self.agent.complaints())
