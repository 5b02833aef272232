"""
A group of guests that was frozen over HTTP: from the request for it until all are thawed.

It ends when somebody thaws it, or as soon as one of its guests does not hold still any more: then
what the others hold is worth nothing.
"""

from collections.abc import Callable, Coroutine, Mapping
from enum import Enum
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.control._problem import Problem, failures_of, short
from txqga.control._wanted import GroupHold, named
from txqga.errors import GroupFailed, HookFailed
from txqga.fsfreeze import AnyHook, Freezer, Group, Stage, Timed
from txqga.mux import Caller, Guest
from txqga.wire import JSON


class State(str, Enum):
    """How a group is."""

    FREEZING = "freezing"
    FROZEN = "frozen"  #: all of them hold still
    THAWING = "thawing"
    THAWED = "thawed"  #: all held still until somebody thawed them
    FAILED = "failed"  #: they were not frozen, and none is
    LAPSED = "lapsed"  #: one of them did not hold still until it was thawed


ENDED = frozenset({State.THAWED, State.FAILED, State.LAPSED})

_FOR = ", for a group of "

#: What a guest was asked, and when it had answered: names of :class:`~txqga.fsfreeze.Interval`,
#: and those of the interface.
_MOMENTS = {"asked": "asked", "since": "frozen", "until": "thawing", "thawed": "thawed"}


def described_by(owner: str) -> tuple[str, int]:
    """Read :attr:`GroupFreeze.owner`: the caller's name, and how many guests it froze."""
    name, _, count = owner.rpartition(_FOR)
    return (name, int(count)) if count.isdecimal() else (owner, 0)


class GroupFreeze:
    """
    A group of guests that is frozen.

    :param reactor: tells the time, and starts the hook.
    :param caller: who wants it.
    :param guests: all of ``wanted``.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        id: str,
        caller: Caller,
        guests: Mapping[str, Guest],
        wanted: GroupHold,
        hook: AnyHook | None = None,
    ) -> None:
        self.id = id
        #: whose it is; None: of somebody who had it frozen before the mux was killed
        self.person = None if caller.who is None else caller.person
        self.names = wanted.names
        self.size = len(guests)  #: how many were to be frozen
        self.owner = f"{named(caller.name, wanted.owner)}{_FOR}{self.size}"
        self.seconds = wanted.seconds
        self.is_resumed = False  #: it was frozen before the mux was killed
        self.state = State.FREEZING
        self.reason = f"{caller.name} freezes them"
        self.since = reactor.seconds()  #: in this state
        self._kind: type[Exception] | None = None  #: of what went wrong
        self._failures: dict[str, JSON] = {}  #: by guest; what guests say is cut: it is kept
        self._reactor = reactor
        self._ranks = wanted.ranks
        self._caller = caller
        self._freezers: dict[str, Freezer] = {
            name: guests[name].freezing.freezer(
                self.owner,
                wanted.seconds,
                wanted.mountpoints.get(name),
                lambda: self._caller,
                (id, place),
            )
            for place, rank in enumerate(wanted.ranks)
            for name in rank
        }
        self._timed = {name: Timed(reactor, each) for name, each in self._freezers.items()}
        ranks = [{name: self._timed[name] for name in rank} for rank in wanted.ranks]
        self._group = Group(reactor, ranks, hook)
        self._over: Deferred[str] = Deferred()  #: why it does not hold any more; empty: it may end
        self._waiting: list[Deferred[None]] = []

    def start(self) -> None:
        """Freeze them."""
        self._begin(self._run())

    def resume(self, size: int) -> None:
        """
        They were frozen when the last mux was killed: hold them on, as far as they hold.

        :param size: how many were frozen then.
        """
        self.is_resumed = True
        self.size = size
        self.owner = f"{self._caller.name}{_FOR}{size}"
        for each in self._freezers.values():
            each.resume()
        since = {name: each.standing.lease.since for name, each in self._freezers.items()}
        self._group.resume(since)
        self._enter(State.FROZEN, f"{self.owner} has frozen them, before the mux was killed")
        self._begin(self._hold())

    def _begin(self, steps: Coroutine[Any, Any, None]) -> None:
        self._running = Deferred.fromCoroutine(steps)
        self._running.addErrback(self._broken)

    def settled(self) -> Deferred[None]:
        """Wait until it is frozen, or has ended; whichever is under way."""
        if self.state is State.FROZEN or self.state in ENDED:
            return succeed(None)
        waiting: Deferred[None] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting

    def thaw(self, caller: Caller) -> Deferred[None]:
        """
        Thaw all of them; a freeze that is under way is given up.

        :return: fires when they are thawed, or some of them will be, which is looked after.
        """
        if self.state is State.FREEZING:
            self._caller = caller
            self._enter(State.THAWING, f"{caller.name} gives it up")
            self._running.cancel()
        elif self.state is State.FROZEN:
            self._caller = caller
            self._let_go("")
        return self.settled()

    @property
    def holds(self) -> bool:
        """Whether all of them hold still, and that is known."""
        return self.state is State.FROZEN and all(each.holds for each in self._held())

    def look(self) -> None:
        """Something has happened to one of them: see whether all still hold."""
        lost = self._lost() if self.state is State.FROZEN else None
        if lost is not None:
            self._caller = Caller("the mux")  # of its own accord
            self._let_go(f"{lost} did not hold: {self._freezers[lost].standing.reason}")

    def problem(self) -> Problem | None:
        """Say what went wrong; None if nothing has."""
        more: dict[str, JSON] = {"id": self.id, "guests": self._failures}
        if self.state is State.FAILED and self._kind in (GroupFailed, CancelledError):
            return Problem("not-all-frozen", self.reason, more)
        if self.state is State.LAPSED:
            return Problem("did-not-hold", self.reason, more)
        if self._kind is HookFailed:
            return Problem("hook-failed", self.reason, more)
        if self.state is State.FAILED:
            return Problem("internal-error", self.reason)
        return None

    def described(self, date: Callable[[float], str]) -> JSON:
        """
        Say how it is, as the interface does.

        :param date: writes a moment of ``reactor.seconds()`` as a date.
        """
        now = self._reactor.seconds()
        told: dict[str, JSON] = {
            "id": self.id,
            "state": self.state.value,
            "reason": self.reason,
            "seconds": round(now - self.since, 3),
            "owner": self.owner,
            "skew": round(self._group.report.skew, 6),
            "guests": [
                self._guest(name, rank, date)
                for rank, names in enumerate(self._ranks)
                for name in names
            ],
            "failures": self._failures,
        }
        if self.holds:
            deadline = min(each.standing.lease.deadline for each in self._held())
            told |= {"left": round(max(0.0, deadline - now), 3), "deadline": date(deadline)}
        return told

    # -- inside

    async def _run(self) -> None:
        try:
            await self._group.freeze()
        except (GroupFailed, HookFailed, CancelledError) as why:
            self._failed(why)
            self._enter(State.FAILED, str(why) or self.reason)
            return
        self._enter(State.FROZEN, f"{self._caller.name} has frozen them")
        await self._hold()

    async def _hold(self) -> None:
        self.look()
        lapse = await self._over
        if not lapse and len(self.names) < self.size:
            known = f"{len(self.names)} of {self.size} guests"
            lapse = f"the mux was killed, and knows no more than {known} to have been frozen since"
        self._enter(State.THAWING, lapse or f"{self._caller.name} thaws them")
        try:
            await self._group.thaw()
        except GroupFailed as why:
            self._failed(why)
            self._enter(State.LAPSED, lapse or str(why))
        except HookFailed as why:
            self._failed(why)
            self._enter(State.LAPSED if lapse else State.THAWED, lapse or str(why))
        else:
            reason = lapse or "all of them held still until they were thawed"
            self._enter(State.LAPSED if lapse else State.THAWED, reason)

    def _let_go(self, why: str) -> None:
        if not self._over.called:
            self._over.callback(why)

    def _failed(self, why: Exception) -> None:
        self._kind, self._failures = type(why), failures_of(why)

    def _broken(self, failure: Failure) -> None:
        self._log.failure("a group's freeze went wrong", failure)
        self._enter(State.FAILED, "a mistake of this program; see its log")

    def _enter(self, state: State, reason: str) -> None:
        self.state, self.reason, self.since = state, short(reason), self._reactor.seconds()
        if state is State.FROZEN or state in ENDED:
            while self._waiting:
                self._waiting.pop(0).callback(None)

    def _held(self) -> list[Freezer]:
        """List those of which something is frozen, or was."""
        if self.is_resumed:
            return [*self._freezers.values()]
        frozen = self._group.report.frozen
        return [each for name, each in self._freezers.items() if frozen.get(name, 0) > 0]

    def _lost(self) -> str | None:
        """Name one that does not hold still any more."""
        held = self._held()
        lost = (
            name
            for name, each in self._freezers.items()
            if each in held and not each.holds and each.standing.stage is not Stage.DOUBTFUL
        )
        return next(lost, None)

    def _guest(self, name: str, rank: int, date: Callable[[float], str]) -> JSON:
        at = self._timed[name].at
        told: dict[str, JSON] = {
            "guest": name,
            "rank": rank,
            "stage": self._freezers[name].standing.stage.value,
        }
        if not self.is_resumed:  # else nobody knows
            told["filesystems"] = self._group.report.frozen.get(name, 0)
        if "since" in at:
            told |= {word: date(at[ours]) for ours, word in _MOMENTS.items() if ours in at}
        if "until" in at and "since" in at:
            told["held"] = round(at["until"] - at["since"], 6)
        return told
