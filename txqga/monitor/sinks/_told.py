"""Figures of guests as the control interface tells them: from the last snapshots."""

import time
from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import Metric

from txqga.monitor._sample import Figure
from txqga.monitor._snapshot import Snapshot
from txqga.monitor._vitals import VITALS
from txqga.monitor.sinks._form import LabelsOf, no_labels
from txqga.monitor.sinks._prometheus import families
from txqga.wire import JSON

#: From here on a float holds no fractions, and an integer is soon beyond 64 bits.
_EXACT = 2.0**53


class Told:
    """
    What was read last.

    :param snapshots: gives what is known of each guest, by its name; None: guests are not asked.
    :param wall: tells the time since the epoch, in seconds.
    :param more: tells figures that are no guest's, for Prometheus.
    :param labels_of: gives what the operator says of a guest.
    """

    def __init__(
        self,
        snapshots: Callable[[], Mapping[str, Snapshot] | None],
        wall: Callable[[], float] = time.time,
        more: Callable[[], Iterable[Metric]] = lambda: (),
        labels_of: LabelsOf = no_labels,
    ) -> None:
        self._snapshots = snapshots
        self._wall = wall
        self._more = more
        self.labels = labels_of

    @property
    def polls(self) -> bool:
        """Whether guests are asked at all."""
        return self._snapshots() is not None

    def families(self, names: Iterable[str]) -> Iterable[Metric]:
        """Tell all figures of these guests, as Prometheus reads them."""
        snapshots = self._snapshots()
        return (
            ()
            if snapshots is None
            else (
                *families(snapshots, names, self._wall()),
                *self._more(),
            )
        )

    def vitals(self, name: str, points: int) -> Mapping[str, JSON]:
        """Tell how a guest is at a glance; what was not read for long is left out."""
        snapshot = (self._snapshots() or {}).get(name)
        if snapshot is None:
            return {}
        known = snapshot.history.fresh(self._wall())
        return {
            vital.name: {
                "unit": vital.unit,
                "time": round(known[vital.name][-1].time, 3),
                "points": [_short(each.value) for each in list(known[vital.name])[-points:]],
            }
            for vital in VITALS
            if vital.name in known
        }

    def figures(self, name: str) -> list[JSON]:
        """Tell all figures of a guest, in the order in which they were read."""
        snapshot = (self._snapshots() or {}).get(name)
        if snapshot is None:
            return []
        series: dict[Figure, list[JSON]] = {}
        for _, reading in snapshot.fresh(self._wall()):
            for each in reading.samples:
                series.setdefault(each.figure, []).append(
                    {
                        "labels": dict(zip(each.figure.labels, each.labels, strict=True)),
                        "value": each.value,
                        "time": round(reading.time, 3),
                    }
                )
        return [
            {
                "name": figure.name,
                "words": figure.words,
                "kind": figure.kind.value,
                "unit": figure.unit,
                "series": found,
            }
            for figure, found in series.items()
        ]


def _short(value: float) -> float:
    """Leave as many digits as a picture shows; what JSON's integers do not hold stays a float."""
    return round(value) if 1000 <= abs(value) < _EXACT else round(value, 4)
