"""What a guest is asked through: a session, or a mux in this process."""

from collections.abc import Callable
from typing import Protocol

from twisted.internet.defer import Deferred

from txqga.fsfreeze import Freezer
from txqga.session import Callee, Status


class Source(Callee, Protocol):
    """What a guest is asked through."""

    @property
    def name(self) -> str:
        """The guest's, for people."""

    @property
    def status(self) -> Status:
        """How the agent is, now."""

    @property
    def epoch(self) -> int:
        """How many connections there have been."""

    def when_ready(self) -> Deferred[None]:
        """Wait until calls are taken; fails when they never will be."""

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """Tell ``listener`` each new status, until the function returned is called."""

    def freezer(self, owner: str, seconds: float | None, mountpoints: list[str] | None) -> Freezer:
        """Make a holder of the guest's filesystems; see :class:`txqga.fsfreeze.SessionFreezes`."""

    def close(self) -> Deferred[None]:
        """Thaw what was frozen through here, and let the agent go."""
