"""Says of each command whether it may be called."""

import json
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import ArgumentsNotAllowed, CommandFailed, CommandNotAllowed
from txqga.mux._callers import Bearer, Caller, Peer
from txqga.mux.policy._authority import Authority
from txqga.mux.policy._patterns import Patterns
from txqga.mux.policy._rules import Policy, Rule, Whom
from txqga.schema import extended
from txqga.wire import JSON

ANN = Peer(pid=7, uid=1000, gid=100)
LOGS = Rule(
    name="logs",
    who=Whom(uids=frozenset({1000}), bearers=frozenset({"ops"})),
    guests=Patterns(("db*",)),
    commands=Patterns(("guest-file-open", "guest-ping", "guest-info")),
    arguments={"path": Patterns(("", "/var/log/**"))},
)


class AuthorityTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.lines: list[Any] = []
        self.ran: list[Deferred[JSON]] = []
        self.authority = Authority(
            self.clock, Policy.of((LOGS,), 500), extended(), self.write, lambda: 0.0
        )

    def write(self, octets: bytes) -> None:
        self.lines.append(json.loads(octets))

    def run_it(self) -> Deferred[JSON]:
        self.ran.append(Deferred())
        return self.ran[-1]

    def ask(
        self, command: str, who: Peer | Bearer | None = ANN, guest: str = "db1", **arguments: JSON
    ) -> Deferred[JSON]:
        return self.authority.ask(
            Caller("somebody", None, who), guest, command, arguments, self.run_it
        )

    def test_allowed(self) -> None:
        """
        What is allowed runs, and is written down when it is over.
        """
        asked = self.ask("guest-file-open", path="/var/log/x")
        self.assertEqual(self.lines, [])
        self.clock.advance(2)
        self.ran[0].callback(1000)
        self.assertEqual(self.successResultOf(asked), 1000)
        (line,) = self.lines
        self.assertEqual(
            (line["command"], line["decision"], line["rule"], line["outcome"], line["seconds"]),
            ("guest-file-open", "allowed", "logs", "returned", 2.0),
        )

    def test_refused(self) -> None:
        """
        What is refused does not run; it is answered as an agent answers what is blocked in it.
        """
        why = self.failureResultOf(self.ask("guest-exec", path="/bin/sh"), CommandNotAllowed).value
        self.assertEqual(why.wire_class, "CommandNotFound")
        self.assertEqual(
            why.desc,
            "Command guest-exec has been disabled: the policy of this mux does not allow it to "
            "uid 1000",
        )
        self.assertEqual(self.ran, [])
        (line,) = self.lines
        self.assertEqual((line["decision"], line["arguments"]), ("refused", {"path": "/bin/sh"}))
        self.assertNotIn("outcome", line)

    def test_refused_arguments(self) -> None:
        """
        That other arguments would do is another error: the command is there.
        """
        asked = self.ask("guest-file-open", Bearer("ops"), path="/etc/shadow")
        why = self.failureResultOf(asked, ArgumentsNotAllowed).value
        self.assertEqual(why.wire_class, "GenericError")
        self.assertEqual(
            why.desc,
            "permission denied: the policy of this mux does not allow ops to call guest-file-open "
            "with these arguments",
        )
        self.assertEqual(self.ran, [])

    def test_failed(self) -> None:
        """
        How a command fails is written down, and is what the caller gets.
        """
        asked = self.ask("guest-ping")
        self.ran[0].errback(CommandFailed("no"))
        self.assertEqual(self.failureResultOf(asked, CommandFailed).value.desc, "no")
        self.assertEqual(self.lines[0]["desc"], "no")

    def test_cancelled(self) -> None:
        """
        Who goes before the answer is written down too.
        """
        asked = self.ask("guest-ping")
        asked.cancel()
        self.assertIsInstance(self.failureResultOf(asked), Failure)
        self.assertEqual(self.lines[0]["outcome"], "cancelled")

    def test_program(self) -> None:
        """
        The program that the mux is part of may everything.
        """
        self.ask("guest-exec", None)
        self.ran[0].callback({})
        self.assertEqual(self.lines[0]["who"], {"program": True})

    def test_no_audit(self) -> None:
        """
        Without an audit nothing is written down, and the same is decided.
        """
        authority = Authority(self.clock, Policy.of((LOGS,), 500), extended())
        caller = Caller("somebody", None, ANN)
        allowed = authority.ask(caller, "db1", "guest-ping", {}, lambda: succeed({}))
        self.assertEqual(self.successResultOf(allowed), {})
        refused = authority.ask(caller, "web1", "guest-ping", {}, self.run_it)
        self.failureResultOf(refused, CommandNotAllowed)
        self.assertIsNotNone(authority.refuses(ANN, "web1"))
        self.assertRaises(CommandNotAllowed, authority.check, ANN, "db1", "mux-add-guest")

    def test_exchanged(self) -> None:
        """
        A new policy holds for the next command of whoever is connected.
        """
        self.authority.policy = Policy.of((), 500)
        self.failureResultOf(self.ask("guest-ping"), CommandNotAllowed)

    def test_information(self) -> None:
        """
        A command that is refused whatever its arguments is told to be disabled.
        """
        names = ("guest-ping", "guest-file-open", "guest-exec")
        listed = [{"name": name, "enabled": True} for name in names]
        value = {"version": "11.1.3", "supported_commands": listed}
        asked = self.ask("guest-info")
        self.ran[0].callback(value)
        told: Any = self.successResultOf(asked)
        self.assertEqual(
            [each["enabled"] for each in told["supported_commands"]], [True, True, False]
        )
        self.assertTrue(all(each["enabled"] for each in listed))
        for odd in (5, {}, {"supported_commands": [5, {}, {"name": 5}]}):
            asked = self.ask("guest-info")
            self.ran[-1].callback(odd)
            self.assertEqual(self.successResultOf(asked), odd)

    def test_refuses(self) -> None:
        """
        Who may ask nothing of a guest is not let in, and that is written down.
        """
        self.assertIsNone(self.authority.refuses(ANN, "db1"))
        self.assertEqual(self.lines, [])
        why = self.authority.refuses(ANN, "web1")
        self.assertEqual(
            why, "permission denied: you are uid 1000, whom the policy gives nothing here"
        )
        self.assertEqual(self.lines[0]["connection"], why)
        self.assertEqual(self.lines[0]["guest"], "web1")

    def test_control(self) -> None:
        """
        Whom the policy gives nothing anywhere has no business at the control interface.
        """
        self.assertIsNone(self.authority.refuses(Bearer("ops"), None))
        why = self.authority.refuses(Bearer("dev"), None)
        self.assertEqual(why, "permission denied: you are dev, whom the policy gives nothing here")
        self.assertNotIn("guest", self.lines[0])

    def test_sees(self) -> None:
        """
        Who may ask nothing of a guest does not know of it; what they asked is written down.
        """
        self.assertTrue(self.authority.sees(ANN, "db1", "guest-exec"))
        self.assertFalse(self.authority.sees(ANN, "web1"))
        self.assertEqual(self.lines, [])
        self.assertFalse(self.authority.sees(ANN, "web1", "guest-ping"))
        self.assertEqual(
            [(each["guest"], each["command"], each["decision"]) for each in self.lines],
            [("web1", "guest-ping", "refused")],
        )

    def test_check(self) -> None:
        """
        What is done to the mux itself has rules and lines as commands have.
        """
        self.assertRaises(CommandNotAllowed, self.authority.check, ANN, "db1", "mux-add-guest")
        self.authority.check(Peer(pid=1, uid=0, gid=0), "db1", "mux-add-guest")
        self.assertEqual(
            [(line["command"], line["decision"]) for line in self.lines],
            [("mux-add-guest", "refused"), ("mux-add-guest", "allowed")],
        )

    def test_check_ahead(self) -> None:
        """
        Of what is looked at ahead only a refusal is written down, with its arguments.
        """
        opened = {"path": "/var/log/x"}
        self.authority.check(ANN, "db1", "guest-file-open", opened, ahead=True)
        self.assertEqual(self.lines, [])
        opened = {"path": "/etc/shadow"}
        self.assertRaises(
            ArgumentsNotAllowed,
            self.authority.check,
            ANN,
            "db1",
            "guest-file-open",
            opened,
            ahead=True,
        )
        self.assertEqual(self.lines[0]["arguments"], opened)
