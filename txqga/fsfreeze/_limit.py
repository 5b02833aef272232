"""
The guest's own limit on how long it stays frozen, kept ahead of the host's lease.

Our agent thaws by itself after a while, so that a guest whose host has died goes on. While the host
lives and the lease runs, the limit is renewed in good time. It is never longer than the guest's
administrator allows at once, and other agents have none and do not know the command.
"""

import math
from collections.abc import Callable

from attrs import define, field
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, CommandNotFound, SessionError
from txqga.fsfreeze._wishes import LEASE, STATUS, Ask
from txqga.wire import JSON

#: Seconds between two renewals at least, whatever the guest says; and after one that failed.
SHORTEST = 1.0


@define(eq=False)
class GuestLimit:
    """The guest's own limit, kept ahead of the host's lease."""

    clock: IReactorTime
    ask: Ask
    deadline: float  #: the lease's, on the clock
    told: Callable[[float], None]  #: told when the guest will thaw by itself, on the clock
    found: Callable[[bool], None]  #: told whether it is frozen, where it renews no more
    _asking: Deferred[None] | None = field(default=None, init=False)
    _later: IDelayedCall | None = field(default=None, init=False)
    _over: bool = field(default=False, init=False)

    _log = Logger()

    def renew(self) -> None:
        """Ask now."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        left = self.deadline - self.clock.seconds()
        if self._over or self._asking is not None or left <= 0:
            return
        asked = self.ask(LEASE, {"seconds": math.ceil(left)})
        self._asking = asked.addCallbacks(self._renewed, self._failed)
        self._asking.addErrback(lambda failure: self._log.failure("a renewal broke", failure))
        if self._asking is not None and self._asking.called:
            self._asking = None

    def cancel(self) -> None:
        """Ask no more."""
        self._over = True
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._asking is not None:
            self._asking.cancel()

    def _renewed(self, value: JSON) -> None:
        self._asking = None
        left = seconds_left(value)
        now = self.clock.seconds()
        if left is None:
            self._wait(SHORTEST)
        elif now + left < self.deadline:
            self.told(now + left)
            self._wait(max(left / 2, SHORTEST))
        else:
            self.told(now + left)

    def _failed(self, failure: Failure) -> None:
        self._asking = None
        if failure.check(CommandNotFound):
            self._over = True  # it has no limit of its own, or none that can be renewed
        elif failure.check(CommandFailed):
            self._asking = self.ask(STATUS, {}).addCallbacks(self._looked, self._not_told)
        elif failure.check(SessionError):
            self._wait(SHORTEST)
        elif not (self._over and failure.check(CancelledError)):
            failure.raiseException()

    def _looked(self, value: JSON) -> None:
        self._asking = None
        self.found(value != "thawed")
        self._wait(SHORTEST)

    def _not_told(self, failure: Failure) -> None:
        self._asking = None
        failure.trap(CommandFailed, SessionError, CancelledError)
        self._wait(SHORTEST)

    def _wait(self, seconds: float) -> None:
        if not self._over:
            self._later = self.clock.callLater(seconds, self._due)

    def _due(self) -> None:
        self._later = None
        self.renew()


def seconds_left(value: JSON) -> float | None:
    """
    Read the answer of ``txqga-freeze-lease``.

    :return: infinity where the guest never thaws by itself; None where that makes no sense.
    """
    if not isinstance(value, dict):
        return None
    left = value.get("seconds", float("inf"))
    if isinstance(left, bool) or not isinstance(left, (int, float)) or not left >= 0:
        return None
    return left if left == float("inf") else float(min(left, 2**53))
