"""Who may do what, as the command line describes it."""

import os
from pathlib import Path
from typing import Any

from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs
from twisted.python import usage
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._authority import make_audit, make_authority, policy_of, sockets_of
from txqga.errors import CannotStart
from txqga.mux import Bearer, Peer, Sockets


class Reactor(MemoryReactorClock):
    """Does at once what another thread asks for."""

    def callFromThread(self, function: Any, *given: Any, **named: Any) -> None:
        function(*given, **named)


class AuthorityTests(SynchronousTestCase):
    def options(self, **given: str | None) -> dict[str, Any]:
        words = {name.replace("_", "-"): value for name, value in given.items()}
        nothing = {"policy": None, "audit": None, "socket-mode": "600", "socket-group": None}
        return {**nothing, **words}

    def test_default(self) -> None:
        """
        Unless something is said, it is root, our own user, and who has a token.
        """
        authority = make_authority(MemoryReactorClock(), self.options(), None)
        for uid in (0, os.geteuid()):
            authority.check(Peer(pid=1, uid=uid, gid=1), "db1", "guest-exec")
        authority.check(Bearer("ops"), "db1", "guest-exec")
        self.assertIsNotNone(authority.refuses(Peer(pid=1, uid=54321, gid=1), "db1"))

    def test_file(self) -> None:
        """
        A file of rules is read.
        """
        path = Path(self.mktemp())
        path.write_text('[[rule]]\nname = "n"\nwho = "uid:5"\ncommands = "x"')
        rules = policy_of(self.options(policy=str(path))).rules
        self.assertEqual([rule.name for rule in rules], ["n", "default"])
        path.write_text("x = 5")
        why = self.assertRaises(usage.UsageError, policy_of, self.options(policy=str(path)))
        self.assertIn("--policy: ", str(why))

    def test_sockets(self) -> None:
        """
        Sockets have a mode, and a group by name or number.
        """
        self.assertEqual(sockets_of(self.options()), Sockets())
        for mode, group, expected in (
            ("0660", "root", Sockets(mode=0o660, group=0)),
            ("666", "17", Sockets(mode=0o666, group=17)),
            ("660", "4294967294", Sockets(mode=0o660, group=4294967294)),
        ):
            found = sockets_of(self.options(socket_mode=mode, socket_group=group))
            self.assertEqual(found, expected)

    def test_wrong_sockets(self) -> None:
        """
        A mode that is none, or that lets nobody in, is refused, and so is a group that is none.
        """
        for mode in ("", "x", "888", "060", "777", "-600", "4600"):
            options = self.options(socket_mode=mode)
            why = self.assertRaises(usage.UsageError, sockets_of, options)
            self.assertIn(f"--socket-mode: {mode!r}", str(why))
        for group in ("no such group", "4294967295", "99999999999", "\u00b2", "a\0b"):
            options = self.options(socket_group=group)
            why = self.assertRaises(usage.UsageError, sockets_of, options)
            self.assertIn(f"--socket-group: there is no group {group!r}", str(why))

    def test_audit(self) -> None:
        """
        An audit is opened where one is wanted; what becomes wrong with it is logged.
        """
        self.assertIsNone(make_audit(Reactor(), self.options()))
        path = Path(self.mktemp())
        audit = make_audit(Reactor(), self.options(audit=str(path)))
        assert audit is not None
        authority = make_authority(Reactor(), self.options(), audit)
        authority.check(Bearer("ops"), "db1", "guest-ping")
        self.assertTrue(audit.write_out())
        self.assertIn(b'"bearer": "ops"', path.read_bytes())
        path.unlink()
        path.mkdir()
        authority.check(Bearer("ops"), "db1", "guest-ping")
        with capturedLogs() as seen:
            self.assertFalse(audit.write_out())
        self.assertEqual(seen[0]["path"], str(path))

    def test_no_audit(self) -> None:
        """
        An audit that cannot be opened keeps the mux from starting.
        """
        options = self.options(audit="/no/such/folder/audit")
        self.assertRaises(CannotStart, make_audit, Reactor(), options)
