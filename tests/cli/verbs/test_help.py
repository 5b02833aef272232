"""``txqga help``."""

from typing import Any

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._complaint import Complaint
from txqga.cli._group import cli


class HelpTests(SynchronousTestCase):
    def say(self, *words: str) -> Any:
        return CliRunner().invoke(cli, ["help", *words], standalone_mode=False)

    def test_topics(self) -> None:
        """
        Verbs are explained, commands of agents, and txqga itself; of part of a name all are listed.
        """
        self.assertIn("Exit status", self.say().output)
        self.assertIn("Usage: txqga ping [OPTIONS] GUEST", self.say("ping").output)
        self.assertIn("Usage: txqga call GUEST guest-exec ", self.say("guest-exec").output)
        self.assertIn("guest-ssh-add-authorized-keys\n", self.say("ssh-add").output)

    def test_unknown(self) -> None:
        """
        What is nothing is told so.
        """
        self.assertIsInstance(self.say("bake").exception, Complaint)
