"""``txqga ssh-key``."""

from pathlib import Path
from typing import Any

import click

from tests.cli._case import VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli.verbs._ssh_key import KEYS, add, keys_of, list_, remove


class SshKeyTests(VerbCase):
    def setUp(self) -> None:
        self.asked: list[Any] = []
        self.answers = {
            "guest-ssh-get-authorized-keys": {"keys": ["ssh-ed25519 AAAA me\x1b[2J", "ssh-rsa B"]},
            "guest-ssh-add-authorized-keys": self.ask,
            "guest-ssh-remove-authorized-keys": self.ask,
        }

    def ask(self, arguments: Any) -> Any:
        self.asked.append(dict(arguments))
        return {}

    def test_list(self) -> None:
        """
        Keys are listed one a line, whatever is in them.
        """
        run = self.start()
        self.done(list_.work(run, guest="db1", user="root"))
        self.assertEqual(run.lines, ["ssh-ed25519 AAAA me\\x1b[2J", "ssh-rsa B"])

    def test_add(self) -> None:
        """
        Keys are added, in the place of all others if that is wanted.
        """
        run = self.start()
        self.done(add.work(run, guest="db1", user="root", keys=("k 1",), file=(), only=False))
        self.done(add.work(run, guest="db1", user="root", keys=(), file=["k 2"], only=True))
        self.assertEqual(
            self.asked,
            [
                {"username": "root", "keys": ["k 1"]},
                {"username": "root", "keys": ["k 2"], "reset": True},
            ],
        )
        self.assertEqual(run.lines[0], "root of db1 may log in with this key")

    def test_remove(self) -> None:
        """
        Keys are removed.
        """
        run = self.start(json=True)
        self.done(remove.work(run, guest="db1", user="root", keys=("k 1", "k 2"), file=()))
        self.assertEqual(self.asked, [{"username": "root", "keys": ["k 1", "k 2"]}])
        self.assertEqual(run.values, [{"guest": "db1", "user": "root", "removed": 2}])

    def test_keys(self) -> None:
        """
        Comments and empty lines are no keys; none, or one of several lines, is a mistake.
        """
        self.assertEqual(keys_of(("a",), ["# b", "", " c "]), ["a", "c"])
        self.assertRaises(Complaint, keys_of, (), ["# b"])
        self.assertRaises(Complaint, keys_of, ("a\nb",), ())

    def test_file(self) -> None:
        """
        Keys are read out of a file before the guest is asked; what is no text holds none.
        """
        path = Path(self.mktemp())
        path.write_bytes(b"k 1\r\nk 2")
        self.assertEqual(KEYS.convert(str(path), None, None), ["k 1", "k 2"])
        path.write_bytes(b"\x7fELF\xff")
        self.assertRaises(click.BadParameter, KEYS.convert, str(path), None, None)
