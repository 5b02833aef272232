"""``txqga events``."""

from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from tests.cli._case import MemoryRun, VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._where import Where
from txqga.cli.verbs._events import events


class EventsTests(VerbCase):
    def follow(self, run: MemoryRun, *guests: str, count: int | None = None) -> "Deferred[Any]":
        return Deferred.fromCoroutine(events.work(run, guests=guests, count=count))

    def test_told(self) -> None:
        """
        What happens is told as it happens, until it is enough.
        """
        run = self.start()
        following = self.follow(run, count=2)
        run.mux.happened("guest-state", {"guest": "db1\x1b", "state": "ready", "reason": "yes"})
        self.assertEqual(run.lines, ["db1\\x1b guest-state state=ready (yes)"])
        self.assertNoResult(following)
        run.mux.happened("guest-added", {"guest": "db2", "channel": "unix:/x"})
        self.successResultOf(following)

    def test_some(self) -> None:
        """
        Of guests that nobody asked for nothing is told.
        """
        run = self.start(json=True)
        following = self.follow(run, "db2", count=1)
        run.mux.happened("guest-added", {"guest": "db1"})
        run.mux.happened("guest-added", {"guest": "db2", "time": 7.5})
        self.successResultOf(following)
        self.assertEqual(run.values, [{"event": "guest-added", "guest": "db2", "time": 7.5}])

    def test_ends(self) -> None:
        """
        A mux that is not there, or refuses, is an error, and so is whoever wants no more.
        """
        for code, is_there in (("no-mux", False), ("forbidden", True)):
            run = self.start()
            run.mux.is_there = is_there
            following = self.follow(run)
            run.mux.following.errback(Complaint(code, "gone"))
            self.failureResultOf(following, Complaint)
        following = self.follow(self.start())
        following.cancel()
        self.failureResultOf(following, CancelledError)

    def test_restart(self) -> None:
        """
        A mux that is started anew is followed again, and that it was away is told once.
        """
        run = self.start(terminal=True)
        following = self.follow(run, count=2)
        for is_there in (False, False, True):
            gone, run.mux.following = run.mux.following, Deferred()
            run.mux.is_there = is_there
            gone.errback(Complaint("no-mux", "nobody is there"))
            run.reactor.advance(1)
        self.assertEqual(run.stderr.getvalue().count("tried again"), 1)
        for name in ("db1", "db2"):
            run.mux.happened("guest-added", {"guest": name})
        self.successResultOf(following)

    def test_direct(self) -> None:
        """
        Of an agent that is asked directly its states are told.
        """
        run = self.start()
        run.where = Where(connect="/a")
        following = self.follow(run, count=2)
        self.assertIn("db1 guest-state state=ready", run.lines[0])
        run.guests["db1"].agent.hang_up()
        self.successResultOf(following)
        self.assertEqual(len(run.lines), 2)
