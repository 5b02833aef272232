"""
That a disk is nearly full, and that it is so no more.

What is used is reckoned as ``df`` does: of what is used and what users can still write. A disk is
full no more when it has fallen somewhat below the limit, so that one at the limit is told once.
"""

from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from txqga.monitor._figures import FILESYSTEM_AVAILABLE, FILESYSTEM_USED
from txqga.monitor._sample import Figure, Sample
from txqga.monitor.alerts._ration import Tell

#: How far below its limit a disk must fall before it is full no more, in percent of the whole.
MARGIN = 2.0

#: Types that are full by nature, or no disk's, in small letters.
PASSED_OVER = frozenset(
    {
        *("squashfs", "iso9660", "udf", "cdfs", "erofs", "cramfs", "romfs"),
        *("proc", "sysfs", "devtmpfs", "tmpfs", "ramfs", "overlay", "autofs", "efivarfs"),
    }
)

#: Octets that no filesystem has, and JSON's integers do not hold.
_BEYOND = 2.0**64

#: A device, a mountpoint and a type, as the guest says them.
Place = tuple[str, ...]


@frozen
class Fill:
    """How full a disk is."""

    used: float  #: octets
    available: float  #: octets

    @property
    def percent(self) -> float:
        """What is used, from 0 to 100."""
        return 100 * self.used / (self.used + self.available)


class Disks:
    """The disks of one guest."""

    def __init__(self, limit: Callable[[], float], tell: Tell) -> None:
        """
        :param limit: says how full a disk may be, in percent.
        """
        self._limit = limit
        self._tell = tell
        self._full: set[Place] = set()  #: those that were told to be

    def read(self, samples: Iterable[Sample]) -> None:
        """Look at all that was read of filesystems at once."""
        found = fills(samples)
        if not found:
            return  # nothing is known
        limit = self._limit()
        # what is over is told first: what is kept here is bounded by what may be told
        for place in list(self._full):
            fill = found.get(place)
            if fill is None:
                self._clear(place, {"reason": "the guest tells of it no more"})
            elif fill.percent < limit - MARGIN:
                self._clear(place, _words(fill))
        for place, fill in found.items():
            if place not in self._full and fill.percent >= limit:
                data = {"limit": limit, **_words(fill)}
                if self._tell("disk-nearly-full", alert="raised", **_where(place), **data):
                    self._full.add(place)

    def _clear(self, place: Place, words: Mapping[str, float | str]) -> None:
        if self._tell("disk-nearly-full", alert="cleared", **_where(place), **words):
            self._full.discard(place)


def fills(samples: Iterable[Sample]) -> dict[Place, Fill]:
    """Say how full each disk is that was read whole."""
    used: dict[Place, float] = {}
    available: dict[Place, float] = {}
    into: dict[Figure, dict[Place, float]] = {
        FILESYSTEM_USED: used,
        FILESYSTEM_AVAILABLE: available,
    }
    for each in samples:
        if each.figure in into and 0 <= each.value < _BEYOND:
            into[each.figure][each.labels] = each.value
    return {
        place: Fill(taken, available[place])
        for place, taken in used.items()
        if place[2].lower() not in PASSED_OVER and taken + available.get(place, -taken) > 0
    }


def _where(place: Place) -> dict[str, str]:
    return dict(zip(("device", "mountpoint", "type"), place, strict=True))


def _words(fill: Fill) -> dict[str, float]:
    return {"used": round(fill.percent, 2), "available": int(fill.available)}
