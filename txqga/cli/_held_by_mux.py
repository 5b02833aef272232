"""Guests that the mux holds still while something is done on this host."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from twisted.internet import defer
from twisted.internet.defer import Deferred

from txqga.cli._complaint import Complaint
from txqga.cli._control import Control
from txqga.cli._exits import Exit


@frozen
class Held:
    """How guests held still."""

    status: int  #: of the command
    seconds: dict[str, float]  #: each one's, by its name
    skew: float  #: seconds between the first one's freeze and the last one's
    together: float  #: seconds during which all held still


async def held_by_mux(
    clock: Any, control: Control, body: Any, work: Callable[[], Deferred[int]]
) -> Held:
    """
    Have the mux freeze guests, all or none; do the work; and have it thaw them.

    What the mux does for a group it does for this one: it has one journal, runs its hook, and ends
    the leases if we are killed.

    :param body: of the request: who is to be frozen, for how long.
    :raise Complaint: they were not frozen, or did not hold still until the work was done.
    """
    group = await control.ask("POST", "freezes", body=body)
    try:
        status = await _in_time(clock, work, group.get("left"))
    except BaseException:
        await control.ask("DELETE", "freezes", group["id"])
        raise
    told = await control.ask("DELETE", "freezes", group["id"])
    if status is None:
        words = "the time was over before the command had ended, and they are thawed"
        raise Complaint("did-not-hold", words, Exit.NOT_HELD)
    return _held(status, told)


async def _in_time(clock: Any, work: Callable[[], Deferred[int]], left: float | None) -> int | None:
    """Do the work; None: it was not done when the time was over."""
    working = work()
    if left is not None:
        working.addTimeout(left, clock)
    try:
        return await working
    except defer.TimeoutError:
        return None


def _held(status: int, told: Any) -> Held:
    guests: Sequence[Any] = [each for each in told["guests"] if "held" in each]
    together = 0.0
    if guests:
        ended = min(_moment(each["thawing"]) for each in guests)
        together = (ended - max(_moment(each["frozen"]) for each in guests)).total_seconds()
    seconds = {each["guest"]: each["held"] for each in guests}
    return Held(status, seconds, told["skew"], max(together, 0.0))


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date.replace("Z", "+00:00"))
