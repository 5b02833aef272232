"""A guest that is asked through a session."""

from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from txqga.fsfreeze import Freezer, SessionFreezes
from txqga.session import Session, Status
from txqga.wire import JSON


class SessionSource:
    """
    A guest that is asked through a session.

    :param is_ours: whether the session ends when the guest is closed.
    """

    def __init__(self, clock: IReactorTime, session: Session, *, is_ours: bool) -> None:
        self._clock = clock
        self._session = session
        self._is_ours = is_ours
        self._freezes: SessionFreezes | None = None  #: since the first freeze

    @property
    def name(self) -> str:
        """The guest's, for people."""
        return self._session.name

    @property
    def status(self) -> Status:
        """How the agent is, now."""
        return self._session.status

    @property
    def epoch(self) -> int:
        """How many connections there have been."""
        return self._session.epoch

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent."""
        return self._session.call(command, arguments, deadline=deadline, cap=cap)

    def when_ready(self) -> Deferred[None]:
        """Wait until calls are taken."""
        return self._session.when_ready()

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """Tell ``listener`` each new status."""
        return self._session.subscribe(listener)

    def hurry(self, longest: float | None) -> None:
        """Pause no longer than so many seconds between attempts to connect; None: as ever."""
        self._session.hurry(longest)

    def freezer(self, owner: str, seconds: float | None, mountpoints: list[str] | None) -> Freezer:
        """Make a holder of the guest's filesystems."""
        if self._freezes is None:
            self._freezes = SessionFreezes(self._clock, self)
        return self._freezes.freezer(owner, seconds, mountpoints)

    def close(self) -> Deferred[None]:
        """Thaw what was frozen through here, and let the agent go."""
        return Deferred.fromCoroutine(self._close())

    async def _close(self) -> None:
        freezes, self._freezes = self._freezes, None
        if freezes is not None:
            await freezes.stop()
        if self._is_ours:
            await self._session.stop()
