"""One timer for any number of deadlines."""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Watch:
    """
    One timer for any number of deadlines.

    A deadline that is met leaves the timer alone, so a call that is answered in time costs a
    comparison. The timer then rings for nothing now and again, and is told when to ring next.
    """

    def __init__(self, clock: IReactorTime, look: Callable[[float], float | None]) -> None:
        """:param look: called with the time; answers when to ring next, or None: not at all."""
        self._clock = clock
        self._look = look
        self._timer: IDelayedCall | None = None
        self._when = 0.0

    def by(self, when: float) -> None:
        """Look at ``when`` at the latest."""
        timer = self._timer
        if timer is None:
            self._when = when
            self._timer = self._clock.callLater(max(0.0, when - self._clock.seconds()), self._ring)
        elif when < self._when:
            self._when = when
            timer.reset(max(0.0, when - self._clock.seconds()))

    def cancel(self) -> None:
        """Look no more, until told to."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        when = self._look(self._clock.seconds())
        if when is not None:
            self.by(when)
