"""
Where the lifecycle goes next, what there is then, and how that is said.

How a guest stands is said before somebody is answered, for who is answered may ask at once; and
the move is made before that is said, for who is told may want something at once.
"""

from typing import Protocol

from attrs import evolve
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, DidNotHold, LeaseNotWritten
from txqga.fsfreeze._core import Core, Debt, Doubt, Freezing, Hold
from txqga.fsfreeze._lease import Lease, Stage, Standing
from txqga.fsfreeze._limit import GuestLimit
from txqga.fsfreeze._thaws import Thaws
from txqga.fsfreeze._wishes import LEASE, THAW, Freeze, Renewal, Thaw, Wishes
from txqga.wire import JSON


class Moves(Wishes, Protocol):
    """What the lifecycle says to itself: what became of what it began, and where it goes."""

    def _noted(self) -> None:
        """The lease is on disk."""

    def _froze(self, value: JSON) -> None:
        """The freeze was answered."""

    def _refused(self, failure: Failure) -> None:
        """The freeze failed, or nobody knows."""

    def _time_up(self) -> None:
        """It has been frozen for long enough."""

    def _until(self, when: float) -> None:
        """The guest will thaw by itself then."""

    def _renewed(self, lease: Lease, renewal: Renewal) -> None:
        """The new lease is on disk."""

    def _thawed(self, wish: Thaw, value: JSON) -> None:
        """A thaw that somebody wanted was answered."""

    def _unthawed(self, wish: Thaw, failure: Failure) -> None:
        """A thaw that somebody wanted failed, or nobody knows."""

    def _settled(self) -> None:
        """It is thawed."""

    def _hold(self) -> None:
        """It is frozen, and may be."""

    def _owe(self, why: str, thaws: list[Thaw]) -> None:
        """A thaw is owed: one of these, or else our own."""

    def _over(self) -> None:
        """It is thawed, and everybody knows."""

    def _lapse(self) -> None:
        """It is thawed, and whoever froze it does not know."""

    def _doubt(self, held: bool) -> None:
        """It was not thawed, and has not been asked yet."""


# What there is while it is in a state.


def note_down(moves: Moves, core: Core, wish: Freeze) -> Freezing:
    """Write down that it is about to be frozen."""
    lease = core.lent(wish.owner, wish.seconds, wish.mountpoints, wish.group)
    wish.begun(lease)
    noted = core.enter(Stage.FREEZING, f"{wish.owner} freezes it", lease)
    noted.addCallbacks(lambda _: moves._noted(), lambda why: moves._refused(unwritten(why)))
    return Freezing(wish)


def begin_hold(moves: Moves, core: Core) -> Hold:
    """Hold it for as long as the lease and the guest's own limit allow."""
    deadline = core.lease.deadline
    expiry = core.clock.callLater(max(0.0, deadline - core.now()), moves._time_up)
    limit = GuestLimit(core.clock, core.ask, deadline, moves._until, moves.found)
    limit.renew()
    return Hold(expiry, limit)


def owe(moves: Moves, core: Core, why: str, thaws: list[Thaw]) -> Debt:
    """Ask for a thaw until there is one."""
    debt = Debt(why, Thaws(core.clock, core.ask, moves._settled, core.retried))
    for wish in thaws:
        send(moves, wish)
    if not thaws:
        debt.thaws.thaw()
    return debt


def wonder(moves: Moves, core: Core, held: bool) -> Doubt:
    """Wait for what the guest says."""
    return Doubt(held)


# How it goes on.


def send(moves: Moves, wish: Thaw) -> None:
    """Send a thaw that somebody wants."""
    wish.send().addCallbacks(
        lambda value: moves._thawed(wish, value), lambda failure: moves._unthawed(wish, failure)
    )


def recall(moves: Moves, core: Core, standing: Standing) -> None:
    """So it stood when the last process ended."""
    core.standing = standing
    if standing.stage is Stage.LAPSED:
        moves._lapse()
    elif standing.stage is not Stage.THAWED:
        core.standing = evolve(standing, stage=Stage.DOUBTFUL)
        moves._doubt(standing.stage is Stage.FROZEN)


def hold(moves: Moves, core: Core, reason: str, lease: Lease | None = None) -> None:
    """It is frozen, and may be."""
    moves._hold()
    core.stand(Stage.FROZEN, reason, lease)


def thaw(moves: Moves, core: Core, why: str, *wishes: Thaw) -> None:
    """
    It is to be thawed.

    :param why: why without whoever froze it; empty: they know.
    """
    moves._owe(why, list(wishes))
    core.stand(Stage.THAWING, why or "somebody thaws it")


def end(moves: Moves, core: Core, reason: str) -> None:
    """It is thawed, and everybody knows."""
    moves._over()
    core.stand(Stage.THAWED, reason)


def lapse(moves: Moves, core: Core, why: str) -> None:
    """It is thawed, and whoever froze it does not know."""
    moves._lapse()
    core.stand(Stage.LAPSED, lapsed(core, why))


def lapsed(core: Core, why: str) -> str:
    """Say that a guest did not stay frozen until it is thawed."""
    held = core.now() - core.lease.since
    return f"thawed by the host after {held:.0f} s ({why}): the snapshot may be inconsistent"


def too_late(words: str) -> DidNotHold:
    """Answer the thaw of somebody who does not know yet."""
    return DidNotHold(words, THAW)


def unwritten(failure: Failure) -> Failure:
    """Say that a freeze was not sent."""
    why = f"it was not frozen, for its lease cannot be written down: {failure.getErrorMessage()}"
    return Failure(LeaseNotWritten("ready", why))


def unrenewed(renewal: Renewal, failure: Failure) -> None:
    """Say that a lease goes on as it was."""
    why = f"it was not renewed, for that cannot be written down: {failure.getErrorMessage()}"
    renewal.answer.errback(CommandFailed(why, LEASE))
