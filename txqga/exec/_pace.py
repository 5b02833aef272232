"""
How often a guest is asked: at once while something comes of it, then ever more rarely.

A short program is so answered in hundredths of a second, and a long one costs a command a second.
"""

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

FIRST = 0.01  #: seconds
LONGEST = 1.0
GROWTH = 1.4


class Pace:
    """
    The pauses between two questions.

    :param longest: seconds.
    """

    def __init__(self, clock: IReactorTime, longest: float = LONGEST) -> None:
        self._clock = clock
        self._longest = longest
        self._next = FIRST
        self._waiting: tuple[Deferred[None], IDelayedCall] | None = None

    def quicken(self) -> None:
        """Begin anew with short pauses: something has happened. A pause that is on ends now."""
        self._next = FIRST
        if self._waiting is not None:
            waiting, timer = self._waiting
            self._waiting = None
            timer.cancel()
            waiting.callback(None)

    def pause(self) -> Deferred[None]:
        """Wait, one at a time; each time longer."""
        waiting: Deferred[None] = Deferred(self._given_up)
        self._waiting = waiting, self._clock.callLater(self._next, self._over)
        self._next = min(self._next * GROWTH, self._longest)
        return waiting

    def _over(self) -> None:
        if self._waiting is not None:
            waiting, _ = self._waiting
            self._waiting = None
            waiting.callback(None)

    def _given_up(self, _: Deferred[None]) -> None:
        if self._waiting is not None:
            self._waiting[1].cancel()
            self._waiting = None
