"""What ``txqga completion bash`` prints, sourced by a real bash."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._cli import ask
from tests.functional._client import PATIENCE
from tests.functional._process import environment

#: Completes the last of its arguments, and tells what bash would offer; ``compopt`` works nowhere
#: but in a shell in which somebody types.
ASK = """\
compopt() { local IFS=' '; echo "compopt $*"; }
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"$(complete -p txqga | sed 's/.*-F \\([^ ]*\\).*/\\1/')" txqga
printf '%s\\n' "${COMPREPLY[@]}"
"""


class CompletionTests(SynchronousTestCase):
    def setUp(self) -> None:
        if shutil.which("bash") is None:
            raise SkipTest("no bash")
        made = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)
        (self.folder / "source").write_bytes(ask("completion", "bash").octets)
        command = self.folder / "txqga"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m txqga.cli "$@"\n')
        command.chmod(0o755)
        (self.folder / "db1.sock").touch()
        (self.folder / "db2.sock").touch()

    def complete(self, *words: str) -> list[str]:
        env = environment()
        path = f"{self.folder}:{env['PATH']}"
        script = [*("bash", "-c", ASK, "bash"), str(self.folder / "source")]
        done = subprocess.run(
            [*script, "txqga", "--mux", str(self.folder), *words],
            env={**env, "PATH": path},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            text=True,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split("\n")[:-1]

    def test_completes(self) -> None:
        """
        Verbs, guests, commands and their arguments are completed; a word that goes on gets no
        space behind it.
        """
        self.assertEqual(self.complete("qui"), ["quiesce"])
        self.assertEqual(self.complete("ping", "db"), ["db1", "db2"])
        self.assertEqual(self.complete("call", "db1", "guest-get-os"), ["guest-get-osinfo"])
        nospace = "compopt -o nospace"
        self.assertEqual(self.complete("cp", "db1"), [nospace, "db1:"])
        found = self.complete("call", "db1", "guest-file-open", "pa")
        self.assertEqual(found, [nospace, "path="])
        self.assertEqual(self.complete("cp", "./d"), ["compopt -o default", ""])
