"""Batches as OpenTelemetry's metrics."""

import json
from typing import Any

from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor import _figures as figures
from txqga.monitor._sample import Sample
from txqga.monitor._snapshot import Reading
from txqga.monitor.sinks._delivery import Outcome, Sent
from txqga.monitor.sinks._otlp import OtlpForm, otlp_outcome
from txqga.monitor.sinks._post import Answer


def reading(time: float, *samples: Sample) -> Reading:
    return Reading(samples, time, "x", time + 60)


def named(attributes: Any) -> dict[str, str]:
    return {each.key: each.value.string_value for each in attributes}


class FormTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.form = OtlpForm("hv7", {"tenant": "acme"})

    def batch(self, *read: tuple[str, Reading]) -> Any:
        """What OpenTelemetry's own classes understand of a batch."""
        octets = self.form.batch([self.form.reading(*each) for each in read], "life", 1, 0.0)
        return Parse(octets, ExportMetricsServiceRequest())

    def metrics(self, *read: tuple[str, Reading]) -> dict[str, Any]:
        (resource,) = self.batch(*read).resource_metrics
        return {each.name: each for each in resource.scope_metrics[0].metrics}

    def test_guests(self) -> None:
        """
        Each guest is a resource, with what the operator says of it; the protocol's own classes
        understand all of it.
        """
        load = Sample(figures.LOAD1, 0.5)
        request = self.batch(
            ("db1", reading(100.0, load)),
            ("web1", reading(101.0, load)),
            ("db1", reading(115.0, load)),
        )
        found = [named(each.resource.attributes) for each in request.resource_metrics]
        self.assertEqual([each["vm_name"] for each in found], ["db1", "web1"])
        self.assertEqual(
            found[0],
            {
                "service.name": "txqga",
                "service.instance.id": "db1",
                "host.name": "db1",
                "vm_name": "db1",
                "host": "hv7",
                "tenant": "acme",
            },
        )
        (metric,) = request.resource_metrics[0].scope_metrics[0].metrics
        self.assertEqual(metric.name, "system.cpu.load_average.1m")
        self.assertEqual(metric.unit, "{thread}")
        points = [(each.time_unix_nano, each.as_double) for each in metric.gauge.data_points]
        self.assertEqual(points, [(100_000_000_000, 0.5), (115_000_000_000, 0.5)])

    def test_labels(self) -> None:
        """
        What the operator says of one guest goes before what is said of all.
        """
        self.form = OtlpForm("hv7", {"tenant": "-", "dc": "a"}, lambda guest: {"tenant": guest})
        request = self.batch(("db1", reading(100.0, Sample(figures.LOAD1, 0.5))))
        found = named(request.resource_metrics[0].resource.attributes)
        self.assertEqual((found["tenant"], found["dc"]), ("db1", "a"))

    def test_system(self) -> None:
        """
        A guest's operating system is told of it from when it is known; what was not said is not.
        """
        load = reading(100.0, Sample(figures.LOAD1, 0.5))

        def told(*labels: str) -> dict[str, str]:
            said = [("db1", reading(90.0, Sample(figures.OS_INFO, 1.0, labels)))] if labels else []
            (resource,) = self.batch(*said, ("db1", load)).resource_metrics
            found = named(resource.resource.attributes)
            return {key: value for key, value in found.items() if key.startswith("os.")}

        debian = {"os.type": "linux", "os.name": "debian", "os.version": "12"}
        self.assertEqual(told(), {})
        self.assertEqual(told("debian", "12", "6.1.0"), debian)
        self.assertEqual(told(), debian)
        windows = {"os.type": "windows", "os.name": "mswindows", "os.version": "11"}
        self.assertEqual(told("mswindows", "11", ""), windows)
        self.assertEqual(told("", "", "6.1.0"), {})

    def test_together(self) -> None:
        """
        Figures that OpenTelemetry has one name for are one metric, told apart by attributes.
        """
        metrics = self.metrics(
            (
                "db1",
                reading(
                    100.25,
                    Sample(figures.DISK_READ_BYTES, 5e12, ("vda",)),
                    Sample(figures.DISK_WRITTEN_BYTES, 7.0, ("vda",)),
                ),
            )
        )
        disk = metrics["system.disk.io"]
        self.assertTrue(disk.sum.is_monotonic)
        self.assertEqual(disk.sum.aggregation_temporality, AGGREGATION_TEMPORALITY_CUMULATIVE)
        self.assertEqual(disk.unit, "By")
        told = [(named(each.attributes), each.as_double) for each in disk.sum.data_points]
        self.assertEqual(
            told,
            [
                ({"system.device": "vda", "disk.io.direction": "read"}, 5e12),
                ({"system.device": "vda", "disk.io.direction": "write"}, 7.0),
            ],
        )
        self.assertEqual(disk.sum.data_points[0].time_unix_nano, 100_250_000_000)

    def test_size(self) -> None:
        """
        What grows and shrinks, and can be added up, is a sum that is not monotonic.
        """
        labels = ("/dev/vda1", "/", "ext4")
        metrics = self.metrics(("db1", reading(1.0, Sample(figures.FILESYSTEM_USED, 9.0, labels))))
        usage = metrics["system.filesystem.usage"]
        self.assertFalse(usage.sum.is_monotonic)
        self.assertEqual(
            named(usage.sum.data_points[0].attributes),
            {
                "system.filesystem.state": "used",
                "system.device": "/dev/vda1",
                "system.filesystem.mountpoint": "/",
                "system.filesystem.type": "ext4",
            },
        )

    def test_own_name(self) -> None:
        """
        What OpenTelemetry has no name for keeps ours.
        """
        metrics = self.metrics(("db1", reading(1.0, Sample(figures.CLOCK_OFFSET, -0.5))))
        found = metrics["qga_guest_clock_offset_seconds"]
        self.assertEqual((found.unit, found.gauge.data_points[0].as_double), ("s", -0.5))

    def start_of(self, time: float, boot: float | None) -> int:
        """The start of a counter, when the guest says that it was started at ``boot``."""
        samples = [] if boot is None else [Sample(figures.BOOT_TIME, boot)]
        counter = Sample(figures.SENT_BYTES, 1.0, ("eth0",))
        metrics = self.metrics(("db1", reading(time, *samples, counter)))
        return int(metrics["system.network.io"].sum.data_points[0].start_time_unix_nano)

    def test_start(self) -> None:
        """
        A counter begins when its guest was started, which is one moment however it is measured.
        """
        self.assertEqual(self.start_of(100.0, None), 0)
        self.assertEqual(self.start_of(100.0, 50.0), 50_000_000_000)
        self.assertEqual(self.start_of(115.0, 50.3), 50_000_000_000)
        self.assertEqual(self.start_of(130.0, None), 50_000_000_000)
        self.assertEqual(self.start_of(145.0, 140.0), 140_000_000_000)
        self.assertEqual(self.start_of(139.0, None), 0)  # it was read before

    def test_many_guests(self) -> None:
        """
        Of guests that come and go no more is kept than a little.
        """
        for number in range(20_001):
            start = Sample(figures.BOOT_TIME, 0.5)
            system = Sample(figures.OS_INFO, 1.0, ("debian", "12", ""))
            self.form.reading(f"vm{number}", reading(1.0, start, system))
        self.assertLessEqual(len(self.form._starts), 10_000)
        self.assertLessEqual(len(self.form._systems), 10_000)

    def test_integers(self) -> None:
        """
        Integers of 64 bits are strings, as the protocol wants them.
        """
        octets = self.form.batch(
            [self.form.reading("db1", reading(100.0, Sample(figures.LOAD1, 0.5)))], "life", 1, 0.0
        )
        (resource,) = json.loads(octets)["resourceMetrics"]
        (metric,) = resource["scopeMetrics"][0]["metrics"]
        self.assertEqual(metric["gauge"]["dataPoints"][0]["timeUnixNano"], "100000000000")


class OutcomeTests(SynchronousTestCase):
    def test_statuses(self) -> None:
        """
        A batch is sent again after those answers only that the protocol names.
        """
        for statuses, outcome in (
            ((200, 202, 204), Outcome.DONE),
            ((429, 502, 503, 504), Outcome.AGAIN),
            ((301, 400, 401, 404, 408, 409, 413, 500), Outcome.NEVER),
        ):
            for status in statuses:
                self.assertIs(otlp_outcome(Answer(status)).outcome, outcome, status)
        self.assertEqual(otlp_outcome(Answer(429, b"", 7.0)).wait, 7.0)

    def test_partly(self) -> None:
        """
        Points that were refused are counted, and the batch is not sent again.
        """
        body = b'{"partialSuccess": {"rejectedDataPoints": "3", "errorMessage": "too\\u001bold"}}'
        self.assertEqual(
            otlp_outcome(Answer(200, body)),
            Sent(Outcome.DONE, "the platform refuses 3 points: too old", lost=3),
        )

    def test_whole(self) -> None:
        """
        Whatever else a platform says, it has taken all.
        """
        for body in (
            *(b"", b"{}", b"[]", b"thanks", b'{"partialSuccess": null}', b'{"partialSuccess": {}}'),
            b'{"partialSuccess": {"rejectedDataPoints": "-1"}}',
            b'{"partialSuccess": {"rejectedDataPoints": "x"}}',
            b'{"partialSuccess": {"errorMessage": "a warning"}}',
        ):
            self.assertEqual(otlp_outcome(Answer(200, body)), Sent(Outcome.DONE), body)
