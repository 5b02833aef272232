"""What verbs have in common."""

from errno import EPIPE
from typing import Any

import click
from click.testing import CliRunner

from tests.cli._case import InvokeCase
from txqga.cli import _running
from txqga.cli._verb import Asked, Run, verb

SEEN: list[Any] = []


@verb("look", examples="txqga look db1\ntxqga look")
@click.argument("guest")
@click.argument("guests", nargs=-1)
@click.option("--far", is_flag=True)
async def look(run: Run, guest: str | None, guests: tuple[str | None, ...], far: bool) -> int:
    """Look at GUEST."""
    SEEN.append((run.out.json, run.timeout, guest, guests, far))
    return 7


class VerbTests(InvokeCase):
    def setUp(self) -> None:
        super().setUp()
        SEEN.clear()

    def look(self, *words: str, connect: str | None = None) -> Any:
        return self.invoke(look, *words, connect=connect)

    def test_given(self) -> None:
        """
        A verb is given what was said, and what it returns comes out.
        """
        self.assertEqual(self.look("db1", "db2", "--far").return_value, 7)
        self.assertEqual(SEEN, [(False, None, "db1", ("db2",), True)])

    def test_reader_gone(self) -> None:
        """
        When nobody reads what a verb says, it ends as if that had ended it.
        """

        def perform(work: Any) -> Any:
            raise BrokenPipeError(EPIPE, "Broken pipe")

        self.patch(_running, "perform", perform)
        why = self.look("db1").exception
        self.assertEqual(getattr(why, "status", None), 141)

    def test_shared(self) -> None:
        """
        What can be said before the verb can be said after it.
        """
        self.look("db1", "--json", "--timeout", "3")
        self.assertEqual(SEEN, [(True, 3.0, "db1", (), False)])

    def test_direct(self) -> None:
        """
        With an endpoint there is no guest to name.
        """
        self.assertIs(self.look(connect="/a").exception, None)
        self.assertEqual(SEEN, [(False, None, None, (None,), False)])
        self.assertIsInstance(self.look("db1", connect="/a").exception, click.UsageError)

    def test_help(self) -> None:
        """
        Help has examples, as they were written.
        """
        told = self.look("--help").output
        self.assertIn("Examples:\n  txqga look db1\n  txqga look\n", told)
        self.assertIn("--timeout SECONDS", told)

    def test_help_alone(self) -> None:
        """
        Help has the same options when the verb stands by itself.
        """
        told = CliRunner().invoke(look, ["-h"], standalone_mode=False).output
        self.assertIn("-h, --help", told)

    def test_control(self) -> None:
        """
        The mux is asked by one client.
        """
        run = Run(None, Asked())
        run._control = made = object()  # type: ignore[assignment]
        self.assertIs(run.control, made)
