"""Platforms, each with its own guests."""

from pathlib import Path
from typing import Any

import orjson
from attrs import evolve
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor import Monitor, Reading, Sample
from txqga.monitor._figures import LOAD1, MEMORY, MEMORY_NAMES
from txqga.monitor.sinks import Platform, Push
from txqga.monitor.sinks import _push as module
from txqga.monitor.sinks._delivery import Outcome, Sent
from txqga.monitor.sinks._push import Kind
from txqga.monitor.sinks._spool import MEMORY as MEMORY_OCTETS
from txqga.mux import Events, Guest, patterns


class FakeMux:
    """A mux without guests."""

    def __init__(self) -> None:
        self.events = Events()
        self.guests: dict[str, Guest] = {}


class PushTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.mux = FakeMux()
        self.monitor = Monitor(self.clock, self.mux)
        self.got: list[tuple[str, Any]] = []  #: the URL, and what came
        self.up = True
        self.patch(module, "Post", self.post)
        self.acme = Platform(
            name="acme", url="http://acme", guests=patterns(["acme-*"]), every=10.0
        )
        self.all = Platform(name="all", url="http://all", every=10.0)

    def post(self, reactor: Any, url: str, judge: Any, secret: bytes, token: str) -> Any:
        test = self

        class Fake:
            def send(self, name: str, octets: bytes) -> Deferred[Sent]:
                if not test.up:
                    return succeed(Sent(Outcome.AGAIN, "down"))
                test.got.append((url, orjson.loads(octets)))
                return succeed(Sent(Outcome.DONE))

        return Fake()

    def push(self, *platforms: Platform) -> Push:
        push = Push(self.clock, self.monitor, self.mux, platforms)
        push.startService()
        return push

    def read(self, guest: str) -> None:
        self.monitor._taken(guest, "load", Reading((Sample(LOAD1, 0.5),), 1.0, "x", 9.0))

    def guests(self, url: str) -> list[str]:
        """Of which guests a platform was told."""
        return [each["vm"] for to, batch in self.got if to == url for each in batch["batch"]]

    def test_each_its_own(self) -> None:
        """
        Each platform gets its own guests, what was read and what has happened.
        """
        push = self.push(self.acme, self.all)
        for name in ("acme-1", "other"):
            self.read(name)
        self.mux.events.tell("guest-state", "acme-2", state="absent")
        self.clock.advance(10.0)
        self.assertEqual(self.guests("http://acme"), ["acme-1", "acme-2"])
        self.assertEqual(self.guests("http://all"), ["acme-1", "other", "acme-2"])
        push.stopService()
        self.read("acme-1")
        self.mux.events.tell("guest-state", "acme-2", state="ready")
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(len(self.got), 2)

    def test_changed(self) -> None:
        """
        A platform that stays as it is goes on undisturbed; others begin and end.
        """
        push = self.push(self.acme, self.all)
        same = push.pushing[1]
        self.read("acme-1")
        later = Platform(name="later", url="http://later", every=10.0)
        push.change([later, self.all])
        self.assertEqual([each.platform.name for each in push.pushing], ["all", "later"])
        self.assertIs(push.pushing[0], same)
        self.read("acme-2")
        self.clock.advance(10.0)
        self.assertEqual(self.guests("http://later"), ["acme-2"])
        self.assertEqual(self.guests("http://all"), ["acme-1", "acme-2"])
        push.stopService()

    def test_changed_while_waiting(self) -> None:
        """
        What waits for a platform goes to where it is now, though it waits in memory only; of a
        platform that is no more it is told how much was left.
        """
        push = self.push(self.acme)
        self.up = False
        for name in ("acme-1", "acme-2"):
            self.read(name)
            self.clock.advance(10.0)
        moved = evolve(self.acme, url="http://elsewhere")
        push.change([moved])
        self.assertEqual(len(push.pushing[0].spool), 2)
        self.up = True
        self.clock.advance(300.0)
        self.assertEqual(self.guests("http://elsewhere"), ["acme-1", "acme-2"])
        self.up = False
        self.read("acme-3")
        self.clock.advance(10.0)
        with capturedLogs() as logs:
            push.change([evolve(moved, kind=Kind.OTLP)])
        self.assertEqual(len(push.pushing[0].spool), 0)
        (told,) = [each["batches"] for each in logs if "batches" in each]
        self.assertEqual(told, 1)
        push.stopService()

    def test_kinds(self) -> None:
        """
        Each platform gets what it takes.
        """
        push = self.push(
            self.all, Platform(name="otel", url="http://otel", every=10.0, kind=Kind.OTLP)
        )
        self.read("acme-1")
        self.mux.events.tell("guest-state", "acme-1", state="absent")
        self.clock.advance(10.0)
        got = dict(self.got)
        self.assertEqual(got["http://all"]["schema"], "txqga/1")
        self.assertEqual([*got["http://otel"]], ["resourceMetrics"])
        push.stopService()

    def test_next_life(self) -> None:
        """
        What a platform that was down has not got, the next life of the mux delivers, first.
        """
        spool = Path(self.mktemp())
        platform = Platform(name="acme", url="http://acme", every=10.0, spool=spool)
        self.up = False
        push = self.push(platform)
        self.read("acme-1")
        self.clock.advance(10.0)
        self.read("acme-2")  # in a batch that is not closed yet
        push.stopService()
        self.up = True
        push = self.push(platform)
        self.read("acme-3")
        self.clock.advance(10.0)
        self.assertEqual(self.guests("http://acme"), ["acme-1", "acme-2", "acme-3"])
        push.stopService()
        self.assertEqual([*spool.iterdir()], [])

    def test_an_hour_down(self) -> None:
        """
        Of thirty guests, read every fifteen seconds while a platform is down for an hour and the
        mux is started anew in the middle, each sample arrives once, and in order.
        """
        spool = Path(self.mktemp())
        platform = Platform(name="acme", url="http://acme", every=10.0, spool=spool)
        figures = [MEMORY[name] for name in MEMORY_NAMES]
        guests = [f"vm{number}" for number in range(30)]
        self.up = False
        push = self.push(platform)
        moments = range(240)
        for moment in moments:
            if moment == 120:
                push.stopService()
                self.assertGreater(len([*spool.iterdir()]), 100)
                push = self.push(platform)
            samples = tuple(Sample(each, float(moment)) for each in figures)
            for guest in guests:
                self.monitor._taken(guest, "memory", Reading(samples, 15.0 * moment, "x", 1e9))
            self.clock.advance(15.0)
        self.assertGreater(push.pushing[0].spool.size, MEMORY_OCTETS)  # not all of it in memory
        self.up = True
        while len(push.pushing[0].spool):
            self.clock.advance(300.0)
        push.stopService()
        came: dict[tuple[str, str], list[float]] = {}
        for _, batch in self.got:
            for entry in batch["batch"]:
                for each in entry["metrics"]:
                    came.setdefault((entry["vm"], each["name"]), []).append(each["value"])
        self.assertEqual(len(came), len(guests) * len(figures))
        self.assertEqual({tuple(each) for each in came.values()}, {tuple(map(float, moments))})
        self.assertEqual([*spool.iterdir()], [])

    def test_no_folder(self) -> None:
        """
        Where there can be no folder for what waits, it waits in memory, and that is told.
        """
        file = Path(self.mktemp())
        file.touch()
        push = self.push(Platform(name="acme", url="http://acme", spool=file / "x", every=10.0))
        self.read("acme-1")
        self.clock.advance(10.0)
        self.assertEqual(self.guests("http://acme"), ["acme-1"])
        same = push.pushing[0]
        push.change([Platform(name="acme", url="http://acme", spool=file / "x", every=10.0)])
        self.assertIs(push.pushing[0], same)
        push.stopService()

    def test_figures(self) -> None:
        """
        How it goes is told, platform by platform.
        """
        push = self.push(self.acme, self.all)
        self.up = False
        self.read("acme-1")
        self.clock.advance(10.0)
        told = {
            (sample.name, sample.labels["sink"]): sample.value
            for family in push.families()
            for sample in family.samples
        }
        self.assertEqual(told["qga_mux_push_failures_total", "acme"], 1.0)
        self.assertEqual(told["qga_mux_push_batches_total", "all"], 0.0)
        self.assertEqual(told["qga_mux_spool_batches", "all"], 1.0)
        self.assertGreater(told["qga_mux_spool_bytes", "all"], 50.0)
        self.assertEqual(told["qga_mux_push_in_trouble", "acme"], 1.0)
        push.stopService()

    def test_secrets(self) -> None:
        """
        No secret is shown where a platform is.
        """
        shown = repr(Platform(name="a", url="http://a", secret=b"geheim", token="geheim"))
        self.assertNotIn("geheim", shown)
