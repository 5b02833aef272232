"""``txqga completion``."""

import os
from typing import Any

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._group import cli
from txqga.cli.verbs._completion import SHELLS


class CompletionTests(SynchronousTestCase):
    def complete(self, *words: str) -> list[str]:
        """What bash is told to complete the last word with."""
        line = ["txqga", *words]
        env = {
            "_TXQGA_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(line),
            "COMP_CWORD": str(len(words)),
        }
        told: Any = CliRunner().invoke(cli, [], env=env, prog_name="txqga")
        return [each.partition(",")[2] for each in told.output.splitlines() if each]

    def test_scripts(self) -> None:
        """
        Each shell is told how.
        """
        for shell in SHELLS:
            told = CliRunner().invoke(cli, ["completion", shell])
            self.assertIn("_TXQGA_COMPLETE", told.output)

    def test_goes_on(self) -> None:
        """
        Behind what goes on, such as ``key=``, bash and zsh put no space.
        """
        for shell, words in (("bash", "compopt -o nospace"), ("zsh", "-S ''")):
            told = CliRunner().invoke(cli, ["completion", shell])
            self.assertIn(words, told.output)

    def test_direct(self) -> None:
        """
        Where an agent is named, no guest stands before its commands.
        """
        direct = ("--connect", "/run/qga/db1.sock")
        self.assertEqual(self.complete(*direct, "call", "guest-get-osi"), ["guest-get-osinfo"])
        self.assertEqual(self.complete(*direct, "ping", ""), [])

    def test_words(self) -> None:
        """
        Verbs, guests, commands and their arguments are completed.
        """
        folder = self.mktemp()
        os.mkdir(folder)  # noqa: PTH102
        for name in ("db1", "db2"):
            with open(f"{folder}/{name}.sock", "w"):  # noqa: PTH123
                pass
        self.assertEqual(self.complete("pi"), ["ping"])
        self.assertEqual(self.complete("--mux", folder, "ping", "d"), ["db1", "db2"])
        self.assertEqual(self.complete("call", "db1", "guest-get-osi"), ["guest-get-osinfo"])
        self.assertEqual(self.complete("help", "channel"), ["channel-xml"])
        arguments = self.complete("call", "db1", "guest-file-open", "")
        self.assertEqual(arguments, ["path=", "mode="])
