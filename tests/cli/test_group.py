"""``txqga`` itself."""

from typing import Any

import click
from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from txqga import __version__
from txqga.cli._group import cli, sentence
from txqga.cli._verb import Asked


class GroupTests(SynchronousTestCase):
    def say(self, *words: str) -> Any:
        return CliRunner().invoke(cli, words, standalone_mode=False)

    def test_help(self) -> None:
        """
        Help names every verb and every exit status.
        """
        told = self.say("--help").output
        for name in (*cli.list_commands(click.Context(cli)), "Exit status", "TXQGA_MUX"):
            self.assertIn(name, told)

    def test_every_verb(self) -> None:
        """
        Each verb can be imported, has a text, explains its options and shows an example.
        """
        ctx = click.Context(cli, obj=Asked())
        for name in cli.list_commands(ctx):
            found = cli.get_command(ctx, name)
            assert found is not None
            verbs = [found]
            if isinstance(found, click.Group):
                verbs = [*found.commands.values()]
            for each in verbs:
                self.assertTrue(each.help, each.name)
                self.assertTrue(getattr(each, "examples", None), each.name)
                for option in each.params:
                    if isinstance(option, click.Option):
                        self.assertTrue(option.help, f"{each.name} {option.name}")

    def test_sentences(self) -> None:
        """
        Of each verb the first sentence is told, and all of it.
        """
        self.assertEqual(sentence("Do this\nand that: so. Also."), "Do this and that")
        told = " ".join(self.say("--help").output.split())
        self.assertIn("and how their agents are", told)

    def test_unknown(self) -> None:
        """
        What is no verb is told so.
        """
        self.assertIsInstance(self.say("bake").exception, click.UsageError)
        self.assertIn("Is it list?", str(self.say("lst").exception))

    def test_version(self) -> None:
        """
        It has the version of the library.
        """
        self.assertIn(__version__, self.say("--version").output)
