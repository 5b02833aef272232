"""``txqga call``."""

from typing import Any

from click.testing import CliRunner
from twisted.internet.defer import Deferred

from tests.cli._case import VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._verb import Asked
from txqga.cli._where import Where
from txqga.cli.verbs._call import call
from txqga.errors import CommandNotFound, InvalidArguments, OutcomeUnknown
from txqga.testing import SILENCE


class CallTests(VerbCase):
    def setUp(self) -> None:
        self.answers = {
            "guest-file-open": lambda arguments: 1000,
            "acme-do": lambda arguments: {"got": dict(arguments)},
        }

    def asked(self, command: str, *words: str, unchecked: bool = False, json: bool = False) -> Any:
        self.started = self.start(json=json)
        return call.work(
            self.started, guest="db1", command=command, arguments=words, unchecked=unchecked
        )

    def test_returns(self) -> None:
        """
        What a command returns is printed as JSON.
        """
        self.done(self.asked("guest-file-open", "path=/etc/hostname", "mode=r"))
        self.assertEqual(self.started.lines, ["1000"])
        guest = self.started.guests["db1"]
        name, given = guest.agent.ran[-1]
        self.assertEqual((name, given), ("guest-file-open", {"path": "/etc/hostname", "mode": "r"}))

    def test_checked(self) -> None:
        """
        Arguments that do not fit are not sent, unless that is wanted.
        """
        why = self.failed(self.asked("guest-file-open", "mode=r"), InvalidArguments)
        self.assertIn("'path' is missing", str(why))
        self.assertEqual(self.started.guests["db1"].executed, [])
        self.done(self.asked("guest-file-open", "mode=r", unchecked=True))
        self.failed(self.asked("guest-file-open", "mode"), Complaint)

    def test_unknown(self) -> None:
        """
        A command that the schema has not is sent, and that is said.
        """
        self.done(self.asked("acme-do", "a=1", json=True))
        self.assertEqual(self.started.values, [{"got": {"a": 1}}])
        self.assertIn("the schema has no acme-do;", self.started.stderr.getvalue())
        self.failed(self.asked("acme-bake"), CommandNotFound)
        self.failed(self.asked("guest-get-hostname"), CommandNotFound)
        self.assertIn("(is it guest-get-host-name?)", self.started.stderr.getvalue())

    def silent(self, command: str) -> Any:
        self.answers[command] = SILENCE
        asked = self.asked(command)
        going = Deferred.fromCoroutine(asked)
        self.started.guests["db1"].advance(600)
        self.started.guests["db1"].advance(600)
        return going

    def test_no_reply(self) -> None:
        """
        A command that has no reply when it works is good when there was none.
        """
        self.successResultOf(self.silent("guest-shutdown"))
        self.assertIn("no reply when it works", self.started.stderr.getvalue())
        self.failureResultOf(self.silent("guest-get-users"), OutcomeUnknown)

    def test_help(self) -> None:
        """
        Help behind a command is that of the command.
        """
        for words, connect in ((["db1", "guest-exec"], None), (["guest-exec"], "/a")):
            asked = Asked(Where(connect=connect))
            told = CliRunner().invoke(call, [*words, "--help"], obj=asked)
            self.assertEqual(told.exit_code, 0)
            self.assertIn("Usage: txqga call GUEST guest-exec path=TEXT", told.output)
        told = CliRunner().invoke(call, ["--help"], obj=Asked())
        self.assertIn("Examples", told.output)
