"""How long to wait before the next attempt to connect."""

from random import Random

from attrs import define


@define(kw_only=True)
class Backoff:
    """
    Pauses that double from ``initial`` to ``longest``, each cut by up to a quarter by chance.

    The chance is for the host: hundreds of sessions that lost their guests in the same moment
    shall not come back in the same moment.
    """

    initial: float  #: seconds
    longest: float  #: seconds
    random: Random
    _failures: int = 0

    def pause(self, lasted: float) -> float:
        """
        Count a failure, and say how long to wait.

        :param lasted: how long the agent had been ready, in seconds. A connection that lasted
            longer than the pause it would earn starts afresh; one that fails again and again as
            soon as it is ready does not.
        """
        if lasted > self._next():
            self._failures = 0
        pause = self._next()
        self._failures += 1
        return pause * (1.0 - 0.25 * self.random.random())

    def forget(self) -> None:
        """Forget the failures: something has changed."""
        self._failures = 0

    def _next(self) -> float:
        return min(self.longest, self.initial * 2.0 ** min(self._failures, 32))
