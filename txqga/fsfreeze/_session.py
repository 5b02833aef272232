"""The freezes of one session, for who needs no mux."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol

from twisted.internet import defer
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from txqga.fsfreeze._freezer import Freezer
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._lease import Standing
from txqga.fsfreeze._ledger import Ledger
from txqga.fsfreeze._terms import Terms
from txqga.fsfreeze._wishes import FREEZE, FREEZE_LIST, THAW, Send
from txqga.wire import JSON

if TYPE_CHECKING:  # the agent imports this package, and has no use for sessions
    from txqga.session import Status

#: Seconds that the agent may take over a command, where it is not what the session allows.
TIMES = {FREEZE: 600.0, FREEZE_LIST: 600.0, THAW: 180.0}


class Asked(Protocol):
    """As much of a :class:`txqga.session.Session` as is needed here."""

    @property
    def name(self) -> str:
        """Of the guest, for the log."""

    @property
    def status(self) -> "Status":
        """How things stand."""

    @property
    def epoch(self) -> int:
        """How many connections there have been."""

    def subscribe(self, listener: "Callable[[Status], None]") -> Callable[[], None]:
        """Tell ``listener`` each new status."""

    def hurry(self, longest: float | None) -> None:
        """Pause no longer than so many seconds between attempts to connect; None: as ever."""

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent."""


class SessionFreezes:
    """
    The freezes of one session.

    Every freeze should go through here: the session does not know of leases. ::

        freezes = SessionFreezes(reactor, session)
        await while_frozen(freezes.freezer("backup"), take_the_snapshot)

    :param session: a :class:`~txqga.session.Session`, or what is asked as one.
    :param ledger: where leases are written down; by default nowhere, and a guest stays frozen when
        this process ends.
    :param told: called with each new standing.
    """

    def __init__(
        self,
        clock: IReactorTime,
        session: Asked,
        *,
        terms: Terms = Terms(),  # noqa: B008 - it is frozen
        ledger: Ledger | None = None,
        told: Callable[[Standing], None] = lambda standing: None,
    ) -> None:
        self._clock = clock
        self._session = session
        self.freezes = Freezes(
            clock,
            self._ask,
            name=session.name,
            terms=terms,
            ledger=ledger,
            told=told,
            hurry=session.hurry,
        )
        self._unsubscribe = session.subscribe(self._changed)
        self._changed(session.status)

    def freezer(
        self, owner: str, seconds: float | None = None, mountpoints: list[str] | None = None
    ) -> Freezer:
        """
        Make a holder.

        :param owner: who holds the guest, for people.
        :param seconds: how long it may be frozen at a time; None: as the terms say.
        :param mountpoints: what to freeze; None: all there is.
        """
        return Freezer(self.freezes, self._run, owner, seconds=seconds, mountpoints=mountpoints)

    async def stop(self, patience: float = 30.0) -> None:
        """Thaw, if that can be done in so many seconds, and look after the guest no more."""
        with suppress(defer.TimeoutError):
            await self.freezes.release("the host stops").addTimeout(patience, self._clock)
        self._unsubscribe()
        self.freezes.stop()

    def _changed(self, status: "Status") -> None:
        if status.state.is_ready:
            self.freezes.ready(self._session.epoch)

    def _ask(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        seconds = TIMES.get(command)
        return self._session.call(command, arguments, deadline=seconds, cap=seconds)

    def _run(
        self,
        command: str,
        arguments: Mapping[str, JSON],
        through: Callable[[Send], Deferred[JSON]],
    ) -> Deferred[JSON]:
        return through(partial(self._ask, command, arguments))
