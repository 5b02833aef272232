"""How all guests are, at a glance: what the mux knows, put together for people."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

#: Sum and count of the round trips of a guest, among the figures of the mux.
_ROUND_TRIPS = re.compile(
    r'^qga_agent_rtt_seconds_(sum|count)\{vm_name="([A-Za-z0-9._-]+)"\} (\S+)$', re.MULTILINE
)


@frozen(kw_only=True)
class Glance:
    """How one guest is; None: it is not known."""

    name: str
    state: str
    cpu: float | None = None  #: share of the processors' time that was used
    load: float | None = None
    memory: float | None = None  #: share of the memory that is in use
    disk: float | None = None  #: octets per second, read and written
    network: float | None = None  #: octets per second, in both directions
    latency: float | None = None  #: seconds that the agent takes to answer


#: Sum and count of the round trips of each guest.
RoundTrips = Mapping[str, tuple[float, float]]


def round_trips(text: str) -> RoundTrips:
    """Read them from the figures of the mux."""
    found: dict[str, dict[str, float]] = {}
    for what, name, number in _ROUND_TRIPS.findall(text):
        found.setdefault(name, {})[what] = float(number)
    return {name: (each.get("sum", 0.0), each.get("count", 0.0)) for name, each in found.items()}


def glances(
    guests: Any, figures: Any, trips: RoundTrips, before: RoundTrips | None = None
) -> list[Glance]:
    """
    Put together what the mux says.

    :param guests: how their agents are.
    :param figures: what they said last of themselves.
    :param before: the round trips of the last time: what came since then counts, if anything did.
    """
    found = []
    for each in guests["guests"]:
        name = each["name"]
        vitals = figures["guests"].get(name, {})
        known = {key: told["points"][-1] for key, told in vitals.items() if key in _COLUMNS}
        latency = _latency(trips.get(name), (before or {}).get(name))
        found.append(Glance(name=name, state=each["state"], latency=latency, **known))
    return found


def _latency(now: tuple[float, float] | None, before: tuple[float, float] | None) -> float | None:
    if now is None or not now[1]:
        return None
    if before is not None and now[1] > before[1]:
        return (now[0] - before[0]) / (now[1] - before[1])
    return now[0] / now[1]


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _rate(value: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if value < 1000:
            return f"{value:.0f} {unit}/s"
        value /= 1024
    return f"{value:.1f} GiB/s"


def _milliseconds(value: float) -> str:
    return f"{value * 1000:.1f} ms"


_COLUMNS: Mapping[str, Callable[[float], str]] = {
    "cpu": _share,
    "load": lambda value: f"{value:.2f}",
    "memory": _share,
    "disk": _rate,
    "network": _rate,
    "latency": _milliseconds,
}

#: What stands above the columns.
HEADS = ("guest", "state", *_COLUMNS)

#: What can be sorted by.
KEYS = ("guest", *_COLUMNS)


def cells(glance: Glance) -> tuple[str, ...]:
    """Write how a guest is, as a row of a table."""
    told = {name: getattr(glance, name) for name in _COLUMNS}
    numbers = ("-" if told[name] is None else write(told[name]) for name, write in _COLUMNS.items())
    return (glance.name, glance.state, *numbers)


def ordered(every: Iterable[Glance], key: str) -> Sequence[Glance]:
    """Sort: by name, or the greatest first, and what is not known at the end."""

    def place(glance: Glance) -> tuple[float, str]:
        value = None if key == "guest" else getattr(glance, key)
        return (float("inf") if value is None else -value, glance.name)

    return sorted(every, key=place)
