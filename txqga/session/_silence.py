"""The time without a sign of life, measured by one timer that hearing does not touch."""

from collections.abc import Callable

from attrs import define
from twisted.internet.interfaces import IDelayedCall, IReactorTime

#: timers may ring this much early, in seconds: sums of floating point times are not exact
SLACK = 1e-6


@define
class Ear:
    """When octets last arrived: a store for the channel, a look for the timers."""

    heard: float = 0.0  #: ``reactor.seconds()``
    reads: int = 0  #: how often


class Silence:
    """
    Calls ``over`` when nothing was heard for ``limit`` seconds, or after ``cap`` seconds at most.

    Hearing costs nothing: the timer is not moved, it looks when it rings.
    """

    def __init__(
        self,
        clock: IReactorTime,
        ear: Ear,
        over: Callable[[], None],
        *,
        limit: float,
        cap: float,
    ) -> None:
        self._clock = clock
        self._ear = ear
        self._over = over
        self._limit = limit
        self._cap = cap
        self.restart()

    def restart(self) -> None:
        """Count from now; the timer must have rung, or never been set."""
        self._began = self._clock.seconds()
        self._reads = self._ear.reads
        self._timer: IDelayedCall = self._clock.callLater(min(self._limit, self._cap), self._ring)

    @property
    def heard(self) -> bool:
        """Whether anything arrived since the counting began."""
        return self._ear.reads > self._reads

    def cancel(self) -> None:
        """Stop counting."""
        if self._timer.active():
            self._timer.cancel()

    def _ring(self) -> None:
        now = self._clock.seconds()
        due = min(max(self._ear.heard, self._began) + self._limit, self._began + self._cap)
        if due > now + SLACK:
            self._timer = self._clock.callLater(due - now, self._ring)
        else:
            self._over()
