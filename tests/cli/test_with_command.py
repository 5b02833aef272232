"""A verb that is followed by a command of this host."""

from typing import Any

import click

from tests.cli._case import InvokeCase
from txqga.cli._verb import Run, verb
from txqga.cli._with_command import WithCommand

SEEN: list[Any] = []


@verb("hold", cls=WithCommand)
@click.argument("guests", nargs=-1, required=True)
@click.option("--fast", is_flag=True)
async def hold(
    run: Run, guests: tuple[str | None, ...], command: tuple[str, ...], fast: bool
) -> None:
    """Hold GUESTS."""
    SEEN.append((guests, command, fast))


class WithCommandTests(InvokeCase):
    def setUp(self) -> None:
        super().setUp()
        SEEN.clear()

    def hold(self, *words: str, connect: str | None = None) -> Any:
        return self.invoke(hold, *words, connect=connect)

    def test_command(self) -> None:
        """
        Everything behind the first dashes is the command, also what looks like an option.
        """
        self.hold("a", "b", "--fast", "--", "ls", "--fast", "--", "x")
        self.hold("--", "ls", connect="/agent")
        self.assertEqual(
            SEEN,
            [(("a", "b"), ("ls", "--fast", "--", "x"), True), ((None,), ("ls",), False)],
        )

    def test_missing(self) -> None:
        """
        Without a command, or a guest, nothing is done.
        """
        for words in (("a",), ("a", "--"), ("--", "ls")):
            self.assertIsInstance(self.hold(*words).exception, click.UsageError)
        self.assertIn("GUESTS... -- COMMAND...", self.hold("--help").output)
        self.assertEqual(SEEN, [])
