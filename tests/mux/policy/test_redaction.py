"""What an audit may tell of a command's arguments."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux.policy._redaction import cut, redacted
from txqga.schema import extended
from txqga.wire import JSON


class RedactedTests(SynchronousTestCase):
    def told(self, command: str, **arguments: Any) -> JSON:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        return redacted(extended(), command, wire)

    def test_told(self) -> None:
        """
        What was asked for is told: paths, programs, numbers.
        """
        given = {"path": "/bin/ls", "arg": ["-l", "/"], "capture-output": True}
        self.assertEqual(self.told("guest-exec", **given), given)
        self.assertEqual(self.told("guest-file-read", handle=5), {"handle": 5})

    def test_secrets(self) -> None:
        """
        Secrets and contents are not told, only how long they are.
        """
        for command, name, value in (
            ("guest-set-user-password", "password", "c2VjcmV0"),
            ("guest-file-write", "buf-b64", "c2VjcmV0"),
            ("guest-exec", "input-data", "c2VjcmV0"),
            ("guest-exec", "env", ["PASSWORD=c2VjcmV0"]),
            ("guest-ssh-add-authorized-keys", "keys", ["ssh-rsa c2VjcmV0"]),
            ("txqga-exec-write", "buf-b64", "c2VjcmV0"),
            ("txqga-fenced", "token", "c2VjcmV0"),
        ):
            told = self.told(command, **{name: value})
            self.assertNotIn("c2VjcmV0", repr(told))
            self.assertEqual(list(told), [name])

    def test_unknown(self) -> None:
        """
        Of what the schema does not know, nobody knows what is secret: only names are told.
        """
        self.assertEqual(
            self.told("x-login", pin=1234, name="ann", more=[1, 2]),
            {"pin": "(a value)", "name": "(3 characters)", "more": "(2 elements)"},
        )
        self.assertEqual(self.told("guest-ping", pin=1234), {"pin": "(a value)"})

    def test_carried(self) -> None:
        """
        Of a command that is carried by another no more is told.
        """
        inner = {"username": "ann", "password": "c2VjcmV0", "crypted": False}
        told = self.told(
            "txqga-fenced", token="t", execute="guest-set-user-password", arguments=inner
        )
        self.assertEqual(told["arguments"]["username"], "ann")
        self.assertNotIn("c2VjcmV0", repr(told))
        told = self.told("txqga-fenced", execute="x", arguments=inner)
        self.assertNotIn("ann", repr(told))
        told = self.told("txqga-fenced", execute=5, arguments="c2VjcmV0")
        self.assertNotIn("c2VjcmV0", repr(told))

    def test_long(self) -> None:
        """
        Of what is long the beginning is told, and how long it is.
        """
        self.assertEqual(cut("abcdef", 3), "abc... (6 characters)")
        path = "/" * 1000
        self.assertEqual(self.told("guest-file-open", path=path), {"path": cut(path)})
        told = self.told("guest-exec", path="x", arg=["a"] * 100)
        self.assertEqual(told["arg"][-2:], ["a", "84 more"])
        many = {f"x{n}": 1 for n in range(20)}
        self.assertEqual(self.told("guest-exec", **many)["..."], "4 more")

    @given(st.recursive(st.text(max_size=3000) | st.integers(), st.lists, max_leaves=50))
    def test_little(self, value: JSON) -> None:
        """
        Whatever is sent, little is told.
        """
        told = self.told("guest-exec", path=value, arg=value, other=value)
        self.assertLess(len(repr(told)), 200_000)
