"""One line of the audit."""

import json
from typing import Any

from attrs import evolve
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import Outcome
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, OutcomeUnknown
from txqga.mux._callers import Bearer, Peer
from txqga.mux.policy._entry import (
    LONGEST,
    Asked,
    identity,
    line,
    lost,
    outcome,
    refused_connection,
)
from txqga.mux.policy._rules import Decision
from txqga.schema import extended

ANN = Peer(pid=7, uid=1000, gid=100)
ASKED = Asked(
    time=1_800_000_000.25,
    guest="db1",
    who=ANN,
    command="guest-file-open",
    arguments={"path": "/etc/fstab"},
    decision=Decision(allowed=True, rule="files"),
)


def told(octets: bytes) -> Any:
    assert octets.endswith(b"\n")
    assert octets.count(b"\n") == 1
    return json.loads(octets)


class LineTests(SynchronousTestCase):
    def line(self, outcome: Any = None, **changes: Any) -> Any:
        return told(line(extended(), evolve(ASKED, **changes), outcome or {}))

    def test_whole(self) -> None:
        """
        A line says when, where, who, what, whether they might, and what came of it.
        """
        self.assertEqual(
            self.line({"outcome": "returned", "seconds": 0.5}),
            {
                "time": "2027-01-15T08:00:00.250Z",
                "guest": "db1",
                "who": {"uid": 1000, "gid": 100, "pid": 7},
                "command": "guest-file-open",
                "arguments": {"path": "/etc/fstab"},
                "decision": "allowed",
                "rule": "files",
                "outcome": "returned",
                "seconds": 0.5,
            },
        )

    def test_refused(self) -> None:
        """
        What was refused has no outcome.
        """
        found = self.line(decision=Decision(allowed=False))
        self.assertEqual((found["decision"], found["rule"]), ("refused", ""))
        self.assertNotIn("outcome", found)

    def test_identity(self) -> None:
        """
        Who asks is a user, a bearer, or the program itself.
        """
        self.assertEqual(identity(Bearer("ops")), {"bearer": "ops"})
        self.assertEqual(identity(None), {"program": True})

    def test_one_line(self) -> None:
        """
        Nothing that is asked for looks like another line.
        """
        found = self.line(command='x\n{"guest": "y"}\u2028', arguments={"\n": "\r\n\0"})
        self.assertEqual(found["command"], 'x\n{"guest": "y"}\u2028')

    def test_length(self) -> None:
        """
        A line is never longer than it may be, whatever is asked for.
        """
        for command, arguments in (
            ("x" * 1_000_000, {}),
            ("guest-exec", {"path": "\0" * 1000, "arg": ["\0" * 1000] * 100}),
            ("\U0001f600" * 1000, {"\U0001f600" * 1000 + str(n): 1 for n in range(100)}),
        ):
            failed = CommandFailed("\U0001f600" * 1000)
            octets = line(
                extended(),
                evolve(ASKED, guest="\0" * 10_000, command=command, arguments=arguments),
                outcome(Failure(failed), 1.0),
            )
            self.assertLessEqual(len(octets), LONGEST)
            told(octets)

    def test_refused_connection(self) -> None:
        """
        Who was not let in is in it too.
        """
        found = told(refused_connection(0, "db1", ANN, "why"))
        self.assertEqual(
            found,
            {
                "time": "1970-01-01T00:00:00.000Z",
                "guest": "db1",
                "who": {"uid": 1000, "gid": 100, "pid": 7},
                "decision": "refused",
                "connection": "why",
            },
        )

    def test_lost(self) -> None:
        """
        What is missing is counted.
        """
        self.assertEqual(told(lost(0, 5)), {"time": "1970-01-01T00:00:00.000Z", "lost": 5})


class OutcomeTests(SynchronousTestCase):
    def of(self, why: Exception) -> Any:
        found = dict(outcome(Failure(why), 1.0))
        self.assertEqual(found.pop("seconds"), 1.0)
        return found

    def test_returned(self) -> None:
        """
        A value is not told: it may be the contents of a file.
        """
        found = outcome({"buf-b64": "c2VjcmV0"}, 0.123456789)
        self.assertEqual(found, {"outcome": "returned", "seconds": 0.123457})

    def test_failed(self) -> None:
        """
        An error of the agent is told in its words.
        """
        self.assertEqual(
            self.of(CommandNotFound("no such command")),
            {"outcome": "failed", "class": "CommandNotFound", "desc": "no such command"},
        )

    def test_others(self) -> None:
        """
        So is whether it ran at all.
        """
        unknown = OutcomeUnknown("x", "once", "late", Outcome())
        for why, expected in (
            (AgentUnavailable("absent", "no socket"), "unavailable"),
            (unknown, "unknown"),
            (CancelledError(), "cancelled"),
            (RuntimeError(), "broken"),
        ):
            self.assertEqual(self.of(why)["outcome"], expected)
