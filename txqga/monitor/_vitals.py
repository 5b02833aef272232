"""
How a guest is at a glance: a handful of numbers, made of the figures that were read.

Counters become rates: what they grew by, between two readings of the same guest.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from attrs import frozen

from txqga.monitor._figures import (
    CPU,
    DISK_READ_BYTES,
    DISK_WRITTEN_BYTES,
    LOAD1,
    MEMORY,
    RECEIVED_BYTES,
    SENT_BYTES,
)
from txqga.monitor._sample import Figure, Sample

#: Modes in which a processor has nothing to do.
_IDLE = frozenset({"idle", "iowait"})

_LOOPBACK = "lo"

#: Beginnings of names of devices whose octets are counted with another one, or are no disk's.
_LAYERS = ("dm-", "md", "loop", "ram", "zram", "sr", "fd")

#: What one reading says: a number, or counters that say something beside an earlier reading.
Totals: TypeAlias = Mapping[str, float]


@frozen(kw_only=True)
class Vital:
    """One number about a guest."""

    name: str
    words: str  #: for people
    unit: str  #: ``ratio``: from 0 to 1; ``bytes per second``; empty: a plain number
    totals: Callable[[Iterable[Sample]], Totals | None]  #: None: this reading does not tell
    value: Callable[[Totals, Totals, float], float | None]  #: of this one, the one before, seconds


def _first(samples: Iterable[Sample], figure: Figure) -> float | None:
    return next((each.value for each in samples if each.figure is figure), None)


def _load(samples: Iterable[Sample]) -> Totals | None:
    value = _first(samples, LOAD1)
    return None if value is None else {"load": value}


def _memory(samples: Iterable[Sample]) -> Totals | None:
    total = _first(samples, MEMORY["MemTotal"])
    left = _first(samples, MEMORY["MemAvailable"])
    if not total or left is None:
        return None
    return {"used": min(1.0, max(0.0, 1.0 - left / total))}


def _processors(samples: Iterable[Sample]) -> Totals | None:
    busy = idle = 0.0
    for each in samples:
        if each.figure is CPU:
            if each.labels[1] in _IDLE:
                idle += each.value
            else:
                busy += each.value
    return {"busy": busy, "all": busy + idle} if busy or idle else None


def _disks(samples: Iterable[Sample]) -> Totals | None:
    return _octets(samples, (DISK_READ_BYTES, DISK_WRITTEN_BYTES), _whole)


def _network(samples: Iterable[Sample]) -> Totals | None:
    return _octets(samples, (RECEIVED_BYTES, SENT_BYTES), _outward)


def _octets(
    samples: Iterable[Sample],
    figures: tuple[Figure, ...],
    chosen: Callable[[set[str]], set[str]],
) -> Totals | None:
    found = [each for each in samples if each.figure in figures]
    devices = chosen({each.labels[0] for each in found})
    if not devices:
        return None
    return {"octets": sum(each.value for each in found if each.labels[0] in devices)}


def _whole(devices: set[str]) -> set[str]:
    """Leave out what lies on another disk, with which its octets are counted."""
    disks = {each for each in devices if not each.startswith(_LAYERS)}
    return {each for each in disks if not any(_is_part(each, disk) for disk in disks)}


def _is_part(device: str, disk: str) -> bool:
    rest = device.removeprefix(disk)
    return rest not in (device, "") and rest.removeprefix("p").isdigit()


def _outward(devices: set[str]) -> set[str]:
    return devices - {_LOOPBACK}


def _now(name: str) -> Callable[[Totals, Totals, float], float | None]:
    return lambda now, before, seconds: now[name]


def _share(now: Totals, before: Totals, seconds: float) -> float | None:
    if not before:
        return None
    busy, all_ = now["busy"] - before["busy"], now["all"] - before["all"]
    return min(1.0, busy / all_) if busy >= 0 and all_ > 0 else None


def _rate(now: Totals, before: Totals, seconds: float) -> float | None:
    if not before:
        return None
    grown = now["octets"] - before["octets"]
    return grown / seconds if grown >= 0 and seconds > 0 else None  # else it was started anew


#: All of them, in the order in which people look.
VITALS = (
    Vital(
        name="cpu",
        words="Share of the processors' time that was used.",
        unit="ratio",
        totals=_processors,
        value=_share,
    ),
    Vital(
        name="load",
        words="Load average of 1 minute.",
        unit="",
        totals=_load,
        value=_now("load"),
    ),
    Vital(
        name="memory",
        words="Share of the memory that is in use.",
        unit="ratio",
        totals=_memory,
        value=_now("used"),
    ),
    Vital(
        name="disk",
        words="Read from disks and written to them.",
        unit="bytes per second",
        totals=_disks,
        value=_rate,
    ),
    Vital(
        name="network",
        words="Received and sent.",
        unit="bytes per second",
        totals=_network,
        value=_rate,
    ),
)
