"""``txqga events``: what happens to guests, as it happens."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._complaint import GONE, Complaint
from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.session import Status
    from txqga.wire import JSON


#: Seconds until a mux that has gone is looked for again.
AGAIN = 1.0


@verb(
    "events",
    examples="""
    txqga events
    txqga events db1 web1
    txqga events --json | jq -c 'select(.event == "guest-rebooted")'
    """,
)
@click.argument("guests", nargs=-1, type=GUEST, metavar="[GUEST]...")
@click.option("--count", "-n", type=click.IntRange(min=1), help="End after so many.")
async def events(run: Run, guests: tuple[str | None, ...], count: int | None) -> None:
    """
    Follow what happens to the guests of the mux, or to some: states, freezes, outages, restarts,
    disks that are nearly full, guests that come.

    It goes on until Ctrl-C; a mux that is started anew is followed again. With --connect the states
    of that agent are followed.
    """
    from twisted.internet.defer import CancelledError, Deferred

    follower = Follower(run, frozenset(guests) - {None}, count)
    if run.where.is_direct:
        await _direct(run, follower)
        return
    following = Deferred.fromCoroutine(_follow(run, follower))
    follower.enough = following.cancel
    try:
        await following
    except CancelledError:
        if not follower.has_enough:
            raise


async def _follow(run: Run, follower: "Follower") -> None:
    """Follow the mux; and the next one, where it was there and has gone."""
    from twisted.internet.task import deferLater

    absences: list[str] | None = None  #: what was told since it was there; None: it never was

    def began() -> None:
        nonlocal absences
        run.out.hint("following; Ctrl-C ends it" if absences is None else "it is there again")
        absences = []

    while True:
        try:
            await run.control.follow(follower.told, began)
        except Complaint as why:
            if absences is None or why.code not in GONE:
                raise
            if not absences:
                run.out.note(f"{why.words}; it is tried again until it is there, or Ctrl-C")
            absences.append(why.words)
        await deferLater(run.reactor, AGAIN)


class Follower:
    """Prints events."""

    def __init__(self, run: Run, wanted: frozenset[str | None], count: int | None) -> None:
        self._run = run
        self._wanted = wanted
        self._left = count
        self.enough: Any = lambda: None  #: called when as many have been told as were asked for

    @property
    def has_enough(self) -> bool:
        """Whether as many have been told as were asked for."""
        return self._left == 0

    def told(self, kind: str, data: "JSON") -> None:
        """Print one, if it is wanted."""
        given = data if isinstance(data, dict) else {"data": data}
        if self.has_enough or (self._wanted and given.get("guest") not in self._wanted):
            return
        self._run.out.tell({"event": kind, **given}, line(kind, given))
        if self._left is not None:
            self._left -= 1
            if self.has_enough:
                self.enough()


def line(kind: str, data: "dict[str, JSON]") -> str:
    """Write an event for people."""
    rest = {key: value for key, value in data.items() if key not in ("guest", "time", "event")}
    words = " ".join(f"{key}={value}" for key, value in rest.items() if key != "reason")
    reason = f" ({rest['reason']})" if rest.get("reason") else ""
    when = data.get("time")
    at = datetime.fromtimestamp(when).strftime("%H:%M:%S ") if isinstance(when, int | float) else ""
    return f"{at}{data.get('guest', '-')} {kind} {words}{reason}"


async def _direct(run: Run, follower: Follower) -> None:
    from twisted.internet.defer import Deferred

    guest = run.awaited(None)
    over: Deferred[None] = Deferred()
    follower.enough = lambda: over.callback(None)

    def told(status: "Status") -> None:
        moment = round(run.now() / 1e9, 3)
        words = {"state": status.state.value, "reason": status.reason}
        follower.told("guest-state", {"guest": guest.name, "time": moment, **words})

    unsubscribe = guest.subscribe(told)
    try:
        told(guest.status)
        await over
    finally:
        unsubscribe()
        await guest.close()
