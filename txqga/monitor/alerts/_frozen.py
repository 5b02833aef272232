"""
That a guest is frozen for too long: past a share of its lease, or for longer than anybody should
need, whoever has frozen it. One that was found frozen has been so for longer than is known.
"""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.fsfreeze import HOLDING, Stage, Standing
from txqga.monitor.alerts._ration import Tell

#: The share of its lease after which a guest is frozen for too long, where that is sooner.
SHARE = 0.8


class Frozen:
    """For how long one guest is frozen."""

    def __init__(
        self,
        clock: IReactorTime,
        standing: Callable[[], Standing],
        longest: Callable[[], float],
        tell: Tell,
    ) -> None:
        """
        :param standing: says how the guest stands.
        :param longest: says how many seconds are too long, whatever the lease.
        """
        self._clock = clock
        self._standing = standing
        self._longest = longest
        self._tell = tell
        self._timer: IDelayedCall | None = None
        self._since: float | None = None  #: frozen since then, which was told to be too long

    def look(self) -> None:
        """How it stands has changed, or what is too long."""
        self.stop()
        standing = self._standing()
        if standing.stage in HOLDING:
            if self._since is None:
                self._watch(standing)
        elif standing.stage is not Stage.DOUBTFUL and self._since is not None:
            seconds = round(self._clock.seconds() - self._since, 3)
            if self._tell("frozen-too-long", alert="cleared", seconds=seconds):
                self._since = None

    def stop(self) -> None:
        """Tell nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch(self, standing: Standing) -> None:
        lease, now = standing.lease, self._clock.seconds()
        most = min(self._longest(), SHARE * (lease.deadline - lease.since))
        left = lease.since + most - now
        if left > 0:
            self._timer = self._clock.callLater(left, self._due)
            return
        told = self._tell(
            "frozen-too-long",
            alert="raised",
            seconds=round(now - lease.since, 3),
            left=round(max(0.0, lease.deadline - now), 3),
            owner=lease.owner,
            reason=standing.reason,
        )
        if told:
            self._since = lease.since

    def _due(self) -> None:
        self._timer = None
        self.look()  # the lease may be longer by now
