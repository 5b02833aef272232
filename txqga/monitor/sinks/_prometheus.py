"""
Figures of guests as Prometheus reads them.

What is told is the last snapshot: no guest is asked when somebody scrapes. A figure that could not
be read is absent, and when each datum was last read is told beside.
"""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from txqga.monitor._figures import figures
from txqga.monitor._sample import Figure, Kind, Sample
from txqga.monitor._snapshot import Snapshot

#: Each family about the asking itself: its name, what it tells.
LAST = "qga_guest_last_success_timestamp_seconds"
FAILURES = "qga_guest_read_failures"
NONSENSE = "qga_guest_nonsense"
DROPPED = "qga_guest_series_dropped"


def families(
    snapshots: Mapping[str, Snapshot], names: Iterable[str], now: float
) -> Iterator[Metric]:
    """
    Yield each figure of these guests.

    :param names: of the guests to tell of.
    :param now: since the epoch, in seconds: what is too old by then is not told.
    """
    told = [(name, snapshots[name]) for name in names if name in snapshots]
    found: dict[Figure, list[tuple[str, Sample]]] = {}
    last = GaugeMetricFamily(LAST, "When each datum was last read.", labels=["vm_name", "datum"])
    for name, snapshot in told:
        for datum, reading in snapshot.fresh(now):
            last.add_metric([name, datum], reading.time)
            for sample in reading.samples:
                found.setdefault(sample.figure, []).append((name, sample))
    for figure in figures():
        if figure in found:
            yield _family(figure, found.pop(figure))
    for figure in sorted(found, key=lambda each: each.name):  # those of operators
        yield _family(figure, found[figure])
    yield last
    yield from _asking(told)


def _family(figure: Figure, samples: list[tuple[str, Sample]]) -> Metric:
    labels = ["vm_name", *figure.labels]
    make = CounterMetricFamily if figure.kind is Kind.COUNTER else GaugeMetricFamily
    family = make(figure.name, figure.words, labels=labels)
    for name, sample in samples:
        family.add_metric([name, *sample.labels], sample.value)
    return family


def _asking(told: list[tuple[str, Snapshot]]) -> Iterator[Metric]:
    failures = CounterMetricFamily(FAILURES, "Readings that failed.", labels=["vm_name", "datum"])
    nonsense = CounterMetricFamily(
        NONSENSE, "Values that the guest cannot mean.", labels=["vm_name"]
    )
    dropped = CounterMetricFamily(
        DROPPED, "Series that were more than one guest may have.", labels=["vm_name"]
    )
    for name, snapshot in told:
        for datum, count in snapshot.failures.items():
            failures.add_metric([name, datum], count)
        nonsense.add_metric([name], snapshot.nonsense)
        dropped.add_metric([name], snapshot.overflow)
    yield from (failures, nonsense, dropped)
