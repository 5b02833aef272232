"""``txqga quiesce``."""

import json
from typing import Any

from twisted.internet.defer import Deferred, succeed

from tests.cli._case import VerbCase
from txqga import guest
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._quiesce import quiesce
from txqga.errors import CommandFailed, GroupFailed

AWAY = Complaint("no-mux", "there is no control interface", Exit.UNAVAILABLE)
DATE = "2026-01-01T00:00:00.000Z"


class QuiesceTests(VerbCase):
    def setUp(self) -> None:
        super().setUp()
        self.ran: list[Any] = []
        self.patch(guest, "HostCommand", self.command)

    def command(self, reactor: Any, argv: Any) -> Any:
        def work() -> Deferred[int]:
            self.ran.append((argv, self.run_.guests["db1"].is_frozen))
            return succeed(3)

        return work

    def quiesce(
        self, *command: str, json: bool = False, shut: bool = True, owner: str | None = None
    ) -> Any:
        """
        :param shut: whether the mux cannot be asked.
        """
        self.run_ = self.start(json=json)
        if shut:
            self.run_.mux.answers["POST", ("freezes",)] = AWAY
        else:
            self.run_.mux.answers["POST", ("freezes",)] = {"id": "6f"}
            guest = {"guest": "db1", "held": 2.0, "frozen": DATE, "thawing": DATE}
            told = {"guests": [guest], "skew": 0.0}
            self.run_.mux.answers["DELETE", ("freezes", "6f")] = told
        return quiesce.work(
            self.run_,
            guests=("db1", "db1"),
            command=command,
            seconds=60.0,
            owner=owner,
            quiet=False,
        )

    def test_by_mux(self) -> None:
        """
        A mux that can be asked does it all: it has a journal of it, and a hook.
        """
        self.assertEqual(self.done(self.quiesce("true", shut=False, owner="nightly")), 3)
        body = {"ranks": [["db1"]], "seconds": 60.0, "owner": "nightly"}
        self.assertEqual(self.run_.mux.bodies, [body, None])
        self.assertEqual(self.run_.stderr.getvalue(), "txqga: db1 was frozen for 2.000 s\n")
        self.assertEqual(self.run_.guests["db1"].executed, [])

    def test_run(self) -> None:
        """
        The command runs while the guest holds still; its status comes out, and a report.
        """
        self.assertEqual(self.done(self.quiesce("true", "x")), 3)
        self.assertEqual(self.ran, [(("true", "x"), True)])
        self.assertFalse(self.run_.guests["db1"].is_frozen)
        self.assertEqual(self.run_.stdout.getvalue(), "")
        *notes, report = self.run_.stderr.getvalue().splitlines()
        self.assertEqual(report, "txqga: db1 was frozen for 0.000 s")
        self.assertIn("no hook of the mux", notes[0])

    def test_json(self) -> None:
        """
        The report is in JSON for programs.
        """
        self.done(self.quiesce("true", json=True))
        told = json.loads(self.run_.stderr.getvalue().splitlines()[-1])
        self.assertEqual((told["guests"][0]["guest"], told["status"]), ("db1", 3))

    def test_no_command(self) -> None:
        """
        For a command that is not there nothing is frozen.
        """
        why = self.failed(self.quiesce("/nonesuch"), Complaint)
        self.assertEqual((why.exit, self.run_.guests["db1"].executed), (Exit.NOT_FOUND, []))

    def test_not_frozen(self) -> None:
        """
        Where a guest cannot be frozen nothing is run.
        """
        self.answers["guest-fsfreeze-freeze"] = CommandFailed("the hook has failed")
        self.failed(self.quiesce("true"), GroupFailed)
        self.assertEqual(self.ran, [])
