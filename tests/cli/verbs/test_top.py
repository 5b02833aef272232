"""``txqga top``."""

import os
from typing import Any

from attrs import evolve
from twisted.internet.defer import Deferred

from tests.cli._case import MemoryRun, VerbCase
from tests.cli.test_glance import FIGURES, GUESTS, METRICS
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._top import top


class TopTests(VerbCase):
    def ready(self, *, json: bool = False, terminal: bool = False) -> MemoryRun:
        """A mux that knows of two guests."""
        run = self.start(json=json, terminal=terminal)
        run.mux.answers["GET", ("guests",)] = GUESTS
        run.mux.answers["GET", ("figures",)] = FIGURES
        run.mux.texts["/metrics"] = METRICS
        return run

    def top(self, run: MemoryRun, *, once: bool = False) -> Deferred[Any]:
        return Deferred.fromCoroutine(top.work(run, once=once, interval=2.0, sort="guest"))

    def test_once(self) -> None:
        """
        Where nobody looks, or once is enough, it is told once.
        """
        run = self.ready()
        self.successResultOf(self.top(run))
        self.assertEqual(
            run.lines,
            ["db1\tready\t25 %\t-\t-\t2 KiB/s\t-\t500.0 ms", "db2\tabsent" + "\t-" * 6],
        )
        self.patch(os, "environ", {**os.environ, "TERM": "xterm"})
        run = self.ready(terminal=True)
        self.successResultOf(self.top(run, once=True))
        self.assertIn("LATENCY", run.stdout.getvalue())

    def test_json(self) -> None:
        """
        Programs are told again and again, until that is ended.
        """
        run = self.ready(json=True)
        going = self.top(run)
        run.reactor.advance(2)
        run.reactor.advance(2)
        going.cancel()
        self.successResultOf(going)
        self.assertEqual([each["guests"][0]["cpu"] for each in run.values], [0.25] * 3)

    def test_live(self) -> None:
        """
        On a terminal a table is shown, with nothing in it that the terminal would obey.
        """
        run = self.ready(terminal=True)
        hostile = {"guests": [{"name": "db1", "state": "ready\x1b]0;x\x07"}]}
        run.mux.answers["GET", ("guests",)] = hostile
        going = self.top(run)
        going.cancel()
        self.successResultOf(going)
        self.assertIn("\\x1b]0;x\\x07", run.stdout.getvalue())

    def test_restart(self) -> None:
        """
        A mux that is started anew is asked again; that it was away is told once.
        """
        for json in (True, False):
            self.patch(os, "environ", {**os.environ, "TERM": "xterm"})
            run = self.ready(json=json, terminal=not json)
            going = self.top(run)
            run.mux.answers["GET", ("guests",)] = Complaint("no-mux", "nobody is there")
            run.reactor.advance(2)
            run.reactor.advance(2)
            run.mux.answers["GET", ("guests",)] = GUESTS
            run.reactor.advance(2)
            self.assertNoResult(going)
            if json:
                self.assertEqual(len(run.values), 2)
                self.assertEqual(run.stderr.getvalue(), '{"note":"nobody is there"}\n')
            else:
                self.assertIn("nobody is there", run.stdout.getvalue())
            run.mux.answers["GET", ("guests",)] = Complaint("forbidden", "no more")
            run.reactor.advance(2)
            self.failureResultOf(going, Complaint)

    def test_no_figures(self) -> None:
        """
        A mux that asks no guest says so.
        """
        run = self.ready()
        run.mux.answers["GET", ("figures",)] = {"polls": False, "guests": {}}
        self.successResultOf(self.top(run))
        self.assertIn("--poll", run.stderr.getvalue())

    def test_direct(self) -> None:
        """
        One agent is no mux.
        """
        run = self.ready()
        run.where = evolve(run.where, connect="/agent")
        self.assertEqual(self.failureResultOf(self.top(run), Complaint).value.exit, Exit.USAGE)
