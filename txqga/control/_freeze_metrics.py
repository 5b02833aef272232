"""What the mux knows of its guests' freezes, as Prometheus reads it."""

from collections.abc import Iterable, Iterator, Sequence

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)

from txqga.fsfreeze import HOLDING, Stage
from txqga.mux import OUTCOMES, Guest, Span

_LABELS = ["vm_name"]


def summary(name: str, words: str, spans: Iterable[tuple[str, Span]]) -> Metric:
    """Tell how often something took time, and how much altogether, by guest."""
    family = SummaryMetricFamily(name, words, labels=_LABELS)
    for guest, span in spans:
        family.add_metric([guest], span.count, span.seconds)
    return family


def freeze_figures(guests: Sequence[Guest], now: float) -> Iterator[Metric]:
    """
    Yield each family of figures.

    :param now: ``reactor.seconds()``.
    """
    active = GaugeMetricFamily("qga_freeze_active", "Whether it is frozen now.", labels=_LABELS)
    left = GaugeMetricFamily(
        "qga_freeze_deadline_seconds", "Until the lease of a frozen guest ends.", labels=_LABELS
    )
    freezes = CounterMetricFamily(
        "qga_freezes", "Freezes, by what became of them.", labels=["vm_name", "outcome"]
    )
    lapsed = CounterMetricFamily(
        "qga_freeze_autothaw",
        "Thaws without whoever had frozen it.",
        labels=["vm_name", "by"],
    )
    retries = CounterMetricFamily(
        "qga_freeze_thaw_retries", "Thaws that were asked for again.", labels=_LABELS
    )
    for guest in guests:
        name, figures = guest.name, guest.freezing.figures
        standing = guest.freezing.freezes.standing
        active.add_metric([name], float(standing.stage in HOLDING))
        if standing.stage is Stage.FROZEN:
            left.add_metric([name], max(0.0, standing.lease.deadline - now))
        for outcome in OUTCOMES:
            freezes.add_metric([name, outcome], figures.outcomes[outcome])
        for by in ("mux", "guest"):
            lapsed.add_metric([name, by], figures.lapsed[by])
        retries.add_metric([name], figures.retries)
    yield from (active, left, freezes, lapsed, retries)
    spans = [(guest.name, guest.freezing.figures.held) for guest in guests]
    yield summary("qga_freeze_duration_seconds", "How long guests were frozen.", spans)
