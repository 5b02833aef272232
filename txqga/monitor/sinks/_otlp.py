"""
Batches for a platform that takes OpenTelemetry's protocol: ``ExportMetricsServiceRequest`` as JSON.

Source: the OpenTelemetry Protocol Specification 1, OTLP/HTTP, and its protocol buffers' JSON form:
names in lowerCamelCase, integers of 64 bits as strings.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

import orjson
from attrs import field, frozen

from txqga import __version__
from txqga.monitor._figures import BOOT_TIME, OS_INFO
from txqga.monitor._sample import Figure, Sample
from txqga.monitor._snapshot import Reading
from txqga.monitor.sinks._delivery import Outcome, Sent
from txqga.monitor.sinks._form import LabelsOf, no_labels
from txqga.monitor.sinks._otlp_names import Metric, metric_of, system_of
from txqga.monitor.sinks._post import Answer
from txqga.mux import Event
from txqga.wire import JSON

#: The answers after which the same request may be sent again.
AGAIN = frozenset({429, 502, 503, 504})

#: ``AGGREGATION_TEMPORALITY_CUMULATIVE``: since the start, not since the last point.
CUMULATIVE = 2

T = TypeVar("T")

#: A point, as octets of JSON, and the figure that it is of.
Found: TypeAlias = "tuple[Figure, orjson.Fragment]"

#: Seconds by which what a guest says of its start may differ from what it said before.
_SLACK = 5.0

#: Guests of whom is kept in mind when they started, and their operating system.
_GUESTS = 10_000


@frozen
class OtlpForm:
    """Figures as OpenTelemetry's metrics; a :class:`txqga.monitor.sinks._form.Form`."""

    host: str  #: the name of this host
    labels: Mapping[str, str]  #: what the operator says of the platform's guests
    labels_of: LabelsOf = no_labels
    _starts: dict[str, float] = field(factory=dict, init=False)
    _systems: dict[str, Mapping[str, str]] = field(factory=dict, init=False)

    def reading(self, guest: str, reading: Reading) -> tuple[str, list[Found]]:
        """
        Make an entry of what was read in a guest.

        Points are octets at once: thousands of them, when a batch is closed, would keep everybody
        else of this process waiting for a tenth of a second.
        """
        for sample in reading.samples:
            if sample.figure is BOOT_TIME:
                self._started(guest, sample.value)
            elif sample.figure is OS_INFO:
                _keep(self._systems, guest, system_of(*sample.labels))
        start = self._starts.get(guest)
        return guest, [
            (each.figure, orjson.Fragment(orjson.dumps(_point(each, reading.time, start))))
            for each in reading.samples
        ]

    def event(self, event: Event, now: float) -> None:
        """Leave it out: what happens is no metric."""

    def batch(self, entries: list[Any], stream: str, number: int, now: float) -> bytes:
        """Make a batch of entries: a resource for each guest."""
        found: dict[str, list[Found]] = {}
        for guest, points in entries:
            found.setdefault(guest, []).extend(points)
        return orjson.dumps(
            {
                "resourceMetrics": [
                    {
                        "resource": {"attributes": self._resource(guest)},
                        "scopeMetrics": [
                            {
                                "scope": {"name": "txqga", "version": __version__},
                                "metrics": _metrics(points),
                            }
                        ],
                    }
                    for guest, points in found.items()
                ]
            }
        )

    def _started(self, guest: str, start: float) -> None:
        known = self._starts.get(guest)
        if known is not None and abs(known - start) <= _SLACK:
            return  # one start has one time, or each point would be a series of its own
        _keep(self._starts, guest, start)

    def _resource(self, guest: str) -> list[JSON]:
        # by the service's name and instance many platforms tell resources apart, and by no more
        return _attributes(
            {
                **self.labels,
                **self.labels_of(guest),
                **self._systems.get(guest, {}),
                "service.name": "txqga",
                "service.instance.id": guest,
                "host.name": guest,
                "vm_name": guest,
                "host": self.host,
            }.items()
        )


def _keep(known: dict[str, T], guest: str, value: T) -> None:
    if len(known) >= _GUESTS and guest not in known:
        known.clear()
    known[guest] = value


def otlp_outcome(answer: Answer) -> Sent:
    """Say what became of a batch; a part that was refused is not sent again."""
    if 200 <= answer.status < 300:
        lost, why = _refused(answer.body)
        return Sent(Outcome.DONE, why, lost=lost)
    outcome = Outcome.AGAIN if answer.status in AGAIN else Outcome.NEVER
    return Sent(outcome, answer.words, answer.retry_after)


def _refused(body: bytes) -> tuple[int, str]:
    """Read how many points a platform has refused, and why."""
    try:
        partial = orjson.loads(body)["partialSuccess"]
        lost = int(partial.get("rejectedDataPoints", 0))
        words = str(partial.get("errorMessage", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return 0, ""  # nothing of the kind: it has taken all
    if lost <= 0:
        return 0, ""
    shown = "".join(each if each.isprintable() else " " for each in words[:200])
    return min(lost, 1 << 32), f"the platform refuses {lost} points: {shown or 'it says no reason'}"


def _metrics(found: Iterable[Found]) -> list[Any]:
    metrics: dict[str, tuple[Metric, str, list[orjson.Fragment]]] = {}
    for figure, point in found:
        metric = metric_of(figure)
        metrics.setdefault(metric.name, (metric, figure.words, []))[2].append(point)
    return [
        {
            "name": metric.name,
            "description": words,
            "unit": metric.unit,
            **_data(metric, points),
        }
        for metric, words, points in metrics.values()
    ]


def _data(metric: Metric, points: list[orjson.Fragment]) -> dict[str, Any]:
    if metric.instrument == "gauge":
        return {"gauge": {"dataPoints": points}}
    return {
        "sum": {
            "dataPoints": points,
            "aggregationTemporality": CUMULATIVE,
            "isMonotonic": metric.instrument == "counter",
        }
    }


def _point(sample: Sample, time: float, start: float | None) -> JSON:
    metric = metric_of(sample.figure)
    labels = zip(sample.figure.labels, sample.labels, strict=True)
    named = [(metric.attributes.get(label, label), value) for label, value in labels]
    point: dict[str, JSON] = {
        "attributes": _attributes([*metric.fixed.items(), *named]),
        "timeUnixNano": _nanoseconds(time),
        "asDouble": sample.value,
    }
    if metric.instrument == "counter" and start is not None and start <= time:
        point["startTimeUnixNano"] = _nanoseconds(start)
    return point


def _attributes(named: Iterable[tuple[str, str]]) -> list[JSON]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in named]


def _nanoseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}000000"  # a float knows no more than microseconds of it
