"""Filesystems that are held still, and the clock that says when to let them go."""

from collections.abc import Callable

from attrs import define, frozen
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.fsfreeze._steps import Span

#: Seconds after which the time is looked at again. A reactor's timers stand still while the guest
#: sleeps, and the time that counts does not.
LOOK = 1.0


@frozen(kw_only=True)
class Timing:
    """The clocks, and how long a freeze may last."""

    clock: IReactorTime
    boottime: Callable[[], float]  #: CLOCK_BOOTTIME: neither a step of the clock nor sleep moves it
    limit: float  #: seconds that a freeze may last, or be renewed for; 0: no limit

    def span(self) -> Span:
        """Return that of a freeze that begins."""
        now = self.boottime()
        return Span(now, now + self.limit if self.limit else None)

    def renewed(self, span: Span, seconds: int) -> Span:
        """Return that of a freeze that goes on for so many seconds, but for the limit."""
        longest = min(seconds, self.limit) if self.limit else seconds
        return Span(span.since, self.boottime() + longest)


@define
class Hold:
    """What is frozen, or being frozen."""

    timing: Timing
    span: Span
    _timer: IDelayedCall | None = None

    def watch(self, look: Callable[[], object]) -> None:
        """Call ``look`` when it may be time, once."""
        self.leave()
        if self.span.until is not None:
            left = self.span.until - self.timing.boottime()
            self._timer = self.timing.clock.callLater(max(0.0, min(left, LOOK)), look)

    def leave(self) -> None:
        """Do not."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()

    def look(self, look: Callable[[], object]) -> bool:
        """Tell whether the time is up; if not, go on watching."""
        if self.span.until is not None and self.timing.boottime() >= self.span.until:
            return True
        self.watch(look)
        return False

    def lasted(self) -> int:
        """Return for how many seconds it has been so."""
        return round(self.timing.boottime() - self.span.since)

    def left(self) -> int | None:
        """Return how many seconds are left; None: there is no limit."""
        if self.span.until is None:
            return None
        # Whole ones; that of a renewal a moment ago is not rounded down.
        return max(0, int(self.span.until - self.timing.boottime() + 0.01))
