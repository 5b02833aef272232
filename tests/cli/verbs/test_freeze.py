"""``txqga freeze``."""

from typing import Any

from attrs import evolve
from twisted.internet.defer import CancelledError, Deferred

from tests.cli._case import MemoryRun, VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._freeze import freeze

AWAY = Complaint("no-mux", "there is no control interface", Exit.UNAVAILABLE)


class FreezeTests(VerbCase):
    def freeze(
        self,
        run: MemoryRun,
        *guests: str | None,
        seconds: float | None = None,
        owner: str | None = None,
    ) -> Deferred[Any]:
        return Deferred.fromCoroutine(freeze.work(run, guests=guests, seconds=seconds, owner=owner))

    def test_one(self) -> None:
        """
        The mux is asked to hold a guest.
        """
        run = self.start()
        run.mux.answers["POST", ("guests", "db1", "freeze")] = {"filesystems": 2, "left": 60.0}
        self.successResultOf(self.freeze(run, "db1", seconds=60, owner="nightly"))
        self.assertEqual(run.mux.bodies, [{"seconds": 60, "owner": "nightly"}])
        self.assertEqual(run.lines, ["db1 is frozen, 2 filesystems, for 60 s"])

    def test_group(self) -> None:
        """
        Several are frozen together.
        """
        run = self.start(json=True)
        told = {"guests": [{"guest": "db1", "filesystems": 1}], "left": 1.0, "skew": 0.0}
        run.mux.answers["POST", ("freezes",)] = told
        self.successResultOf(self.freeze(run, "db1", "db2"))
        self.assertEqual(run.mux.bodies, [{"ranks": [["db1", "db2"]]}])
        self.assertEqual(run.values, [told])

    def test_no_control(self) -> None:
        """
        A mux that cannot be asked holds a guest as it does for who asks at its socket; nothing
        else can be had there.
        """
        run = self.start()
        run.mux.answers["POST", ("guests", "db1", "freeze")] = AWAY
        self.failureResultOf(self.freeze(run, "db1", seconds=60), Complaint)
        self.successResultOf(self.freeze(run, "db1"))
        self.assertTrue(run.guests["db1"].is_frozen)
        self.assertIn("as long as is usual", run.stderr.getvalue())

    def direct(self) -> MemoryRun:
        """Without a mux."""
        run = self.start()
        run.where = evolve(run.where, connect="/agent")
        run.reactor = run.guests[None].clock
        return run

    def test_direct(self) -> None:
        """
        Without a mux the guest is held until the time is over.
        """
        run = self.direct()
        freezing = self.freeze(run, None, seconds=30)
        self.assertTrue(run.guests[None].is_frozen)
        self.assertIn("by nobody", run.stderr.getvalue())
        run.guests[None].advance(30)
        self.successResultOf(freezing)
        self.assertFalse(run.guests[None].is_frozen)
        self.assertEqual(run.lines, ["db1 is frozen, 1 filesystem", "db1 is thawed"])

    def test_interrupted(self) -> None:
        """
        Without a mux the guest is thawed on Ctrl-C.
        """
        run = self.direct()
        freezing = self.freeze(run, None)
        freezing.cancel()
        run.guests[None].advance()
        self.failureResultOf(freezing, CancelledError)
        self.assertFalse(run.guests[None].is_frozen)
