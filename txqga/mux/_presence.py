"""
Whether the agent is there, for whoever syncs.

A client's sync asks: is somebody listening, and is what comes next the answer to what I say next?
The mux can say yes for as long as it knows. While the agent is being connected to, or has been
silent over one command for a while, the answer waits a little; then it is no, with the reason.
"""

from collections.abc import Callable
from typing import Protocol

from attrs import define, evolve, frozen
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.errors import AgentUnavailable
from txqga.session import State, Status

#: Seconds that a sync waits for the agent, at most.
HOLD = 5.0

#: Seconds that one command may run before a sync waits for its end.
PATIENCE = 5.0

_COMING = frozenset({State.CONNECTING, State.SYNCING, State.DESYNCED})


class HasStatus(Protocol):
    """As much of a session as is needed here."""

    @property
    def status(self) -> Status:
        """How things stand."""


@frozen(kw_only=True)
class Parting:
    """A command after which the guest should go, and which has no answer then."""

    who: str  #: asked for it
    command: str
    until: float  #: when it is given up

    def told(self, now: float) -> str:
        """Say so, to people."""
        return (
            f"{self.who} asked for {self.command}, which has no answer when it works: if the guest "
            f"stays, it is asked again in {max(0.0, self.until - now):.0f} s"
        )


@define(eq=False)
class Sync:
    """One sync that waits."""

    waiting: Deferred[None]
    expiry: IDelayedCall


class Presence:
    """Whether the agent is there, for whoever syncs."""

    def __init__(self, clock: IReactorTime, session: HasStatus) -> None:
        self._clock = clock
        self._session = session
        self.running: tuple[str, float] | None = None  #: the command, and since when
        self._parting: Parting | None = None  #: that command, if it is one
        self._idle: list[Deferred[None]] = []
        self._syncs: list[Sync] = []

    def sync(self) -> Deferred[None]:
        """
        Wait until the agent is there.

        :return: fails with :class:`txqga.errors.AgentUnavailable`, five seconds later at most.
        """
        why = self._absence()
        if why is None:
            return succeed(None)
        if not self._may_come():
            return fail(why)
        waiting: Deferred[None] = Deferred(self._cancelled)
        self._syncs.append(Sync(waiting, self._clock.callLater(HOLD, self._give_up, waiting)))
        return waiting

    def unavailable(self) -> AgentUnavailable | None:
        """Say why no command can be run; None if one can."""
        status = self._session.status
        if status.state.is_ready:
            return None
        return AgentUnavailable(status.state.value, status.reason)

    def changed(self) -> None:
        """The status has changed."""
        if not self._syncs:
            return
        why = self._absence()
        if why is None:
            self._settle(lambda waiting: waiting.callback(None))
        elif not self._may_come():
            self._settle(lambda waiting: waiting.errback(why))

    def status(self, status: Status) -> Status:
        """Say how the agent is, if the guest should be about to go."""
        if status.state is not State.BUSY or self._parting is None:
            return status
        return evolve(status, reason=self._parting.told(self._clock.seconds()))

    def started(self, command: str, parting: Parting | None = None) -> None:
        """A command runs."""
        self.running, self._parting = (command, self._clock.seconds()), parting

    def finished(self) -> None:
        """The command is over."""
        self.running = self._parting = None
        idle, self._idle = self._idle, []
        for each in idle:
            each.callback(None)
        self.changed()

    def idle(self) -> Deferred[None]:
        """Wait until no command runs."""
        if self.running is None:
            return succeed(None)
        waiting: Deferred[None] = Deferred(self._idle.remove)
        self._idle.append(waiting)
        return waiting

    def _absence(self) -> AgentUnavailable | None:
        why = self.unavailable()
        if why is not None or self.running is None:
            return why
        seconds = self._clock.seconds() - self.running[1]
        if seconds < PATIENCE:
            return None
        if self._parting is not None:
            return AgentUnavailable("busy", self._parting.told(self._clock.seconds()))
        # not which: it may be another client's
        return AgentUnavailable("busy", f"a command has been running for {seconds:.0f} s")

    def _may_come(self) -> bool:
        state = self._session.status.state
        return state.is_ready or state in _COMING

    def _give_up(self, waiting: Deferred[None]) -> None:
        why = self._absence()
        self._syncs = [each for each in self._syncs if each.waiting is not waiting]
        if why is None:
            waiting.callback(None)
        else:
            waiting.errback(why)

    def _settle(self, tell: Callable[[Deferred[None]], None]) -> None:
        syncs, self._syncs = self._syncs, []
        for each in syncs:
            each.expiry.cancel()
        for each in syncs:
            tell(each.waiting)

    def _cancelled(self, waiting: Deferred[None]) -> None:
        for each in self._syncs:
            if each.waiting is waiting:
                each.expiry.cancel()
        self._syncs = [each for each in self._syncs if each.waiting is not waiting]
