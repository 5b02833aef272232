"""Readings and events, gathered into batches."""

from pathlib import Path
from typing import Any

import orjson
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import LOAD1, SENT_BYTES
from txqga.monitor._sample import Sample
from txqga.monitor._snapshot import Reading
from txqga.monitor.sinks._form import Form
from txqga.monitor.sinks._gatherer import MOST, Gatherer, Gathering
from txqga.monitor.sinks._otlp import OtlpForm
from txqga.monitor.sinks._spool import Spool
from txqga.monitor.sinks._webhook import WebhookForm
from txqga.mux import Event


class GathererTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.spool = Spool(None)
        self.filled = 0
        self.gatherer = self.make()

    def make(self, form: Form | None = None) -> Gatherer:
        gathering = Gathering(
            form=WebhookForm("host1", {"tenant": "acme"}) if form is None else form,
            every=15.0,
            wants=lambda name: name != "db9",
        )
        return Gatherer(
            self.clock, gathering, self.spool, self.fill, lambda: 1000.0 + self.clock.seconds()
        )

    def fill(self) -> None:
        self.filled += 1

    def read(self, guest: str, *samples: Sample) -> None:
        self.gatherer.taken(guest, "x", Reading(samples, 1000.0, "x", 2000.0))

    def batch(self) -> Any:
        """The oldest batch."""
        first = self.spool.first()
        assert first is not None
        self.spool.done(first[0])
        batch = orjson.loads(first[1])
        self.assertEqual(first[0], f"{batch['stream']}-{batch['sequence']:010d}")
        return batch

    def test_batch(self) -> None:
        """
        A batch says what it is, where it comes from, and what was read and has happened.
        """
        self.read("db1", Sample(LOAD1, 0.5), Sample(SENT_BYTES, 7.0, ("eth0",)))
        self.clock.advance(5.0)
        self.gatherer.happened(Event(kind="guest-state", guest="db1", data={"state": "absent"}))
        self.assertEqual((len(self.spool), self.filled), (0, 0))
        self.clock.advance(10.0)
        self.assertEqual((len(self.spool), self.filled), (1, 1))
        batch = self.batch()
        self.assertEqual((batch["schema"], batch["host"]), ("txqga/1", "host1"))
        self.assertEqual((batch["sent_at"], batch["labels"]), (1015.0, {"tenant": "acme"}))
        metrics = [
            {"name": "qga_guest_load1", "value": 0.5},
            {
                "name": "qga_guest_network_transmit_bytes_total",
                "value": 7.0,
                "labels": {"device": "eth0"},
            },
        ]
        events = [{"kind": "guest-state", "state": "absent"}]
        self.assertEqual(
            batch["batch"],
            [
                {"vm": "db1", "t": 1000.0, "metrics": metrics},
                {"vm": "db1", "t": 1005.0, "events": events},
            ],
        )

    def test_clock_set_back(self) -> None:
        """
        What is gathered after the host's clock was set back goes behind what waits from before.
        """
        folder = Path(self.mktemp())
        self.spool = Spool(folder)
        self.clock.advance(86_400.0)
        for back in (0.0, -3600.0, -7200.0):
            self.clock.rightNow += back
            gatherer = self.gatherer = self.make()
            self.read("db1", Sample(LOAD1, back))
            gatherer.close()
            self.spool.close()
            self.spool = Spool(folder)
        found = [self.batch()["batch"][0]["metrics"][0]["value"] for _ in range(3)]
        self.assertEqual(found, [0.0, -3600.0, -7200.0])

    def test_labels(self) -> None:
        """
        What the operator says of a guest is beside what is told of it.
        """
        gatherer = self.make(
            WebhookForm("host1", {}, lambda guest: {"tenant": "acme"} if guest == "db1" else {})
        )
        for guest in ("db1", "web1"):
            gatherer.happened(Event(kind="guest-state", guest=guest))
        gatherer.close()
        first, second = self.batch()["batch"]
        self.assertEqual(first["labels"], {"tenant": "acme"})
        self.assertNotIn("labels", second)

    def test_numbers(self) -> None:
        """
        Batches are numbered within a life, and those of a later life sort behind.
        """
        for _ in range(2):
            self.read("db1", Sample(LOAD1, 0.5))
            self.clock.advance(15.0)
        self.assertEqual([self.batch()["sequence"] for _ in range(2)], [1, 2])
        earlier = self.gatherer.stream
        self.assertLess(earlier, self.make().stream)

    def test_others(self) -> None:
        """
        What belongs to others is not gathered, and where there is nothing there is no batch.
        """
        self.read("db9", Sample(LOAD1, 0.5))
        self.read("db1")
        self.gatherer.happened(Event(kind="guest-state", guest="db9"))
        self.clock.advance(60.0)
        self.gatherer.close()
        self.assertEqual(len(self.spool), 0)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_no_use(self) -> None:
        """
        What a platform has no use for makes no batch.
        """
        gatherer = self.make(OtlpForm("host1", {}))
        gatherer.happened(Event(kind="guest-state", guest="db1"))
        gatherer.close()
        self.assertEqual((len(self.spool), self.clock.getDelayedCalls()), (0, []))

    def test_much(self) -> None:
        """
        A batch that grows is closed before its time.
        """
        for _ in range(MOST):
            self.read("db1", Sample(LOAD1, 0.5))
        self.assertEqual(self.filled, 1)
        self.read("db1", Sample(LOAD1, 0.5))
        self.gatherer.close()
        self.assertEqual([len(self.batch()["batch"]) for _ in range(2)], [MOST, 1])
        self.assertEqual(self.clock.getDelayedCalls(), [])
