"""What the shell completes."""

from pathlib import Path
from typing import Any

import click
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._names import COMMAND, GUEST, PLACE


class NamesTests(SynchronousTestCase):
    def complete(self, kind: Any, incomplete: str, **said: Any) -> list[str]:
        parent = click.Context(click.Command("txqga"))
        parent.params = said
        ctx = click.Context(click.Command("ping"), parent=parent)
        found = kind.shell_complete(ctx, click.Argument(["x"]), incomplete)
        return [each.value for each in found]

    def test_guests(self) -> None:
        """
        Guests are those of the mux that the command line names.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        for name in ("db1", "db2", "web"):
            (folder / f"{name}.sock").touch()
        self.assertEqual(self.complete(GUEST, "db", mux=str(folder)), ["db1", "db2"])
        self.assertEqual(self.complete(GUEST, "", mux=str(folder / "none")), [])

    def test_places(self) -> None:
        """
        What is copied is a file here, which the shell knows, or is in a guest, which nobody asks.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        (folder / "db1.sock").touch()
        self.assertEqual(self.complete(PLACE, "d", mux=str(folder)), ["db1:"])
        for word in ("a", "./d", "/d"):
            self.assertEqual(self.complete(PLACE, word, mux=str(folder)), [word])
        self.assertEqual(self.complete(PLACE, "db1:/etc", mux=str(folder)), [])

    def test_commands(self) -> None:
        """
        Commands are those that agents have, ours among them.
        """
        found = self.complete(COMMAND, "guest-get-os")
        self.assertEqual(found, ["guest-get-osinfo"])
        self.assertIn("txqga-info", self.complete(COMMAND, ""))

    def test_no_guest(self) -> None:
        """
        What no guest can be called is a mistake: a path, for one, which would lead elsewhere.
        """
        self.assertEqual(GUEST.convert("db-1.example", None, None), "db-1.example")
        for name in ("", "..", "../../run/other", "a/b", "x\x1b", "\udcff", "a" * 65):
            self.assertRaises(click.BadParameter, GUEST.convert, name, None, None)
