"""
That an agent has gone, and that it is back: one of each for an outage, however often its session
tried to connect meanwhile.

A machine that stands still has its agent, and one whose agent was never seen has lost none.
"""

from attrs import define
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.monitor.alerts._ration import Tell
from txqga.session import State, Status

#: Seconds without an agent, after which it has gone.
PATIENCE = 10.0

#: States that are no outage, and end none.
_STILL = frozenset({State.PAUSED, State.MIGRATING, State.CLOSED})


@define
class _Away:
    since: float  #: by the reactor's clock
    timer: IDelayedCall | None  #: None: it was told


class Outage:
    """Whether the agent of one guest is there."""

    def __init__(self, clock: IReactorTime, tell: Tell) -> None:
        self._clock = clock
        self._tell = tell
        self._status: Status | None = None
        self._was_there = False
        self._away: _Away | None = None

    def look(self, status: Status) -> None:
        """The state has changed."""
        self._status = status
        if status.state.is_ready:
            self._is_there()
        elif status.state in _STILL:
            self._forgive()
        elif self._was_there and self._away is None:
            timer = self._clock.callLater(PATIENCE, self._gone)
            self._away = _Away(self._clock.seconds(), timer)

    def stop(self) -> None:
        """Tell nothing any more."""
        self._forgive()

    def _is_there(self) -> None:
        self._was_there = True
        self._forgive()
        if (away := self._away) is not None:
            self._away = None
            seconds = self._clock.seconds() - away.since
            self._tell("agent-back", seconds=round(seconds, 3))

    def _forgive(self) -> None:
        """Nothing was told yet, and nothing will be."""
        if self._away is not None and self._away.timer is not None:
            self._away.timer.cancel()
            self._away = None

    def _gone(self) -> None:
        away, status = self._away, self._status
        if away is None or status is None:
            return
        seconds = round(self._clock.seconds() - away.since, 3)
        told = self._tell(
            "agent-gone", state=status.state.value, reason=status.reason, seconds=seconds
        )
        self._away = _Away(away.since, None) if told else None
