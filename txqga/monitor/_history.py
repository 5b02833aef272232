"""How a guest was, for a short while back: what a page draws."""

from collections import deque
from collections.abc import Mapping, Sequence
from math import isfinite
from types import MappingProxyType

from attrs import define, field, frozen

from txqga.monitor._sample import Sample
from txqga.monitor._vitals import VITALS, Totals

#: Points that are kept of each vital: half an hour at the shortest period.
POINTS = 120

#: Seconds after which what was read last says nothing about now.
STALE = 180.0

_NOTHING: Totals = MappingProxyType({})


@frozen
class Point:
    """What a vital was at a moment."""

    time: float  #: by the host's clock since the epoch, in seconds
    value: float


@define
class _Track:
    points: deque[Point] = field(factory=lambda: deque(maxlen=POINTS))
    totals: Totals = _NOTHING
    time: float = 0.0


class History:
    """The last points of each vital of one guest."""

    def __init__(self) -> None:
        self._tracks: dict[str, _Track] = {}

    @property
    def points(self) -> Mapping[str, Sequence[Point]]:
        """What is kept, by the vital's name, the oldest first."""
        return {name: track.points for name, track in self._tracks.items() if track.points}

    def fresh(self, now: float) -> Mapping[str, Sequence[Point]]:
        """Return the vitals whose last point is not too old to be told."""
        return {
            name: points for name, points in self.points.items() if now < points[-1].time + STALE
        }

    def take(self, samples: Sequence[Sample], time: float) -> None:
        """
        Take what was read.

        :param samples: all of one reading.
        :param time: when, by the host's clock since the epoch, in seconds.
        """
        for vital in VITALS:
            totals = vital.totals(samples)
            if totals is None:
                continue
            track = self._tracks.setdefault(vital.name, _Track())
            value = vital.value(totals, track.totals, time - track.time)
            track.totals, track.time = totals, time
            if value is not None and isfinite(value):  # what a guest says may add up to too much
                track.points.append(Point(time, value))
