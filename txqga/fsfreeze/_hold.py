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
    limit: int  #: seconds that a freeze may last, or be renewed for; 0: no limit

    def span(self) -> Span:
        """Return that of a freeze that begins."""
        now = self.boottime()
        return Span(now, now + self.limit if self.limit else None)


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
        """Return how many whole seconds are left; None: there is no limit."""
        if self.span.until is None:
            return None
        return max(0, int(self.span.until - self.timing.boottime()))

    def renew(self, seconds: int) -> int:
        """Let it go on for so many seconds, but for the limit; return how many that are."""
        limit = self.timing.limit
        left = min(seconds, limit) if limit else seconds
        self.span = Span(self.span.since, self.timing.boottime() + left)
        return left
