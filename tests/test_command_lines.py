"""Command lines that the documentation shows: each is one that the command takes."""

import itertools
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import click
from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from txqga.agent.options import BadConfig, read
from txqga.cli._group import cli
from txqga.cli._verb import Asked, Verb
from txqga.daemons._mux_options import Words

#: Where people read.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.rst"))]
PAGES += sorted((ROOT / "docs").glob("howto/*.rst")) + sorted((ROOT / "docs").glob("topics/*.rst"))

#: A line that is indented is typed, and goes on where it ends with a backslash.
_TYPED = re.compile(r"^ {2,}(?:\$ )?((?:txqga|twistd|txqga-agent) (?:.*\\\n)*.*)$", re.M)


def words_of(line: str) -> list[str]:
    """Split a command line, up to what is the shell's."""
    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words = itertools.takewhile(lambda word: not set(word) <= set("|&;<>"), lexer)
    return [word for word in words if word != "..."]


def typed(name: str) -> Iterator[tuple[str, list[str]]]:
    """Find the command lines that begin with a name: where each is, and its other words."""
    for page in PAGES:
        for found in _TYPED.finditer(page.read_text(encoding="utf-8")):
            words = words_of(found[1])
            if words[0] == name:
                yield page.name, words[1:]


def take(words: list[str]) -> None:
    """
    Have the command read its words, and do nothing.

    :raise ClickException: it does not take them.
    """
    command: click.Command = cli
    parent = click.Context(cli, obj=Asked())
    name: str | None = "txqga"
    while True:
        try:
            ctx = command.make_context(name, list(words), parent=parent)
        except click.exceptions.Exit:
            return  # help was asked for
        if not isinstance(command, click.Group):
            return
        if command is cli:
            assert cli.callback is not None
            with ctx:
                cli.callback(**ctx.params)
        rest = [*ctx._protected_args, *ctx.args]
        name, found, words = command.resolve_command(ctx, rest)
        assert found is not None
        command, parent = found, ctx


class CommandLineTests(SynchronousTestCase):
    def test_txqga(self) -> None:
        """
        ``txqga`` takes each line that the documentation shows.
        """
        lines = list(typed("txqga"))
        self.assertGreater(len(lines), 30)
        for page, words in lines:
            self.taken(page, words)

    def test_help(self) -> None:
        """
        And each that its help shows.
        """
        count = 0
        for name in cli.list_commands(click.Context(cli)):
            found = cli.get_command(click.Context(cli), name)
            verbs = [*found.commands.values()] if isinstance(found, click.Group) else [found]
            for each in verbs:
                assert isinstance(each, Verb)
                for line in each.examples:
                    words = words_of(line)
                    if words[:1] == ["txqga"]:
                        count += 1
                        self.taken(name, words[1:])
        self.assertGreater(count, 60)

    def taken(self, page: str, words: list[str]) -> None:
        try:
            with redirect_stdout(StringIO()):
                take(words)
        except click.ClickException as why:
            if why.format_message().endswith("No such file or directory"):
                return  # the reader's own
            self.fail(f"{page}: txqga {shlex.join(words)}: {why.format_message()}")

    def test_mux(self) -> None:
        """
        So does the mux.
        """
        lines = [(page, words) for page, words in typed("twistd") if "qga-mux" in words]
        self.assertGreater(len(lines), 6)
        for page, words in lines:
            said = words[words.index("qga-mux") + 1 :]
            try:
                Words().parseOptions(said)  # type: ignore[no-untyped-call]
            except usage.UsageError as why:
                self.fail(f"{page}: {shlex.join(words)}: {why}")

    def test_agent(self) -> None:
        """
        So does the agent.
        """
        lines = list(typed("txqga-agent"))
        self.assertGreater(len(lines), 5)
        for page, words in lines:
            try:
                read("txqga-agent", words, {}, lambda config: [])
            except BadConfig as why:
                self.fail(f"{page}: {shlex.join(words)}: {why}")
