"""How a guest's freeze stands, as the interface says it."""

from collections.abc import Callable
from datetime import datetime, timezone

from txqga.fsfreeze import NOBODY, Stage, Standing
from txqga.wire import JSON


def described(standing: Standing, now: float, date: Callable[[float], str]) -> dict[str, JSON]:
    """
    Say how it stands; and whose lease there is, where there is one.

    :param now: ``reactor.seconds()``.
    :param date: writes a moment of that clock as a date.
    """
    told: dict[str, JSON] = {
        "stage": standing.stage.value,
        "reason": standing.reason,
        "seconds": round(max(0.0, now - standing.since), 3),
    }
    if standing.stage is Stage.THAWED:
        return told
    lease = standing.lease
    told |= {
        "owner": lease.owner,
        "found": lease.owner == NOBODY,
        "lease": lease.seconds,
        "since": date(lease.since),
        "mountpoints": None if lease.mountpoints is None else list(lease.mountpoints),
    }
    if standing.stage is not Stage.LAPSED:
        told |= {
            "left": round(max(0.0, lease.deadline - now), 3),
            "deadline": date(lease.deadline),
        }
    return told


def written(seconds: float) -> str:
    """Write a moment, given in seconds since 1970, as RFC 3339 does."""
    date = datetime.fromtimestamp(seconds, timezone.utc)
    return date.isoformat(timespec="milliseconds").replace("+00:00", "Z")
