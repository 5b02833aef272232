"""As much of a session as a guest needs."""

from collections.abc import Callable
from typing import Protocol

from twisted.internet.defer import Deferred

from txqga.session import Callee, Counters, Status


class AgentSession(Callee, Protocol):
    """As much of :class:`txqga.session.Session` as a guest needs."""

    @property
    def status(self) -> Status:
        """How things stand."""

    @property
    def counters(self) -> Counters:
        """What went wrong on the channel."""

    @property
    def epoch(self) -> int:
        """How many connections there have been."""

    def start(self) -> None:
        """Connect, and stay connected."""

    def stop(self) -> Deferred[None]:
        """Go away."""

    def rest(self, why: str) -> None:
        """Disconnect, and do not try again before :meth:`wake`."""

    def wake(self) -> None:
        """Connect now, if not connected."""

    def hurry(self, longest: float | None) -> None:
        """Pause no longer than so many seconds between attempts to connect; None: as ever."""

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """Tell ``listener`` each new status, until the function returned is called."""
