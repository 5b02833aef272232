"""What is known about the agent, and who wants to know."""

from collections.abc import Callable

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from txqga.errors import AgentUnavailable
from txqga.session._allowance import Allowance
from txqga.session._states import State, Status

Listener = Callable[[Status], None]


class Standing:
    """
    What is known about the agent, and who wants to know.

    The sync machine tells the state; a frozen guest shows through only while it is ``READY``.
    """

    _log = Logger()

    def __init__(self, clock: IReactorTime, name: str) -> None:
        self._clock = clock
        self._name = name
        self._told = Status(State.CLOSED, "not started", clock.seconds())
        self._frozen: Status | None = None
        self._allowance = Allowance(clock)
        self._listeners: list[Listener] = []
        self._waiting: list[Deferred[None]] = []
        self._over = False  # the session was stopped

    @property
    def status(self) -> Status:
        """The state that subscribers were told last."""
        if self._frozen is not None and self._told.state is State.READY:
            return self._frozen
        return self._told

    def tell(self, state: State, reason: str) -> None:
        """Enter a state; the same state again, for another reason, goes on."""
        before, told = self.status, self._told
        if told.state is state:
            if told.reason == reason:
                return
            self._told = Status(state, reason, told.since)
        else:
            self._told = Status(state, reason, self._clock.seconds())
        self._announce(before)
        if state is State.READY:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.callback(None)
        elif state is State.CLOSED:
            self._over = True
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.errback(self.unavailable())

    def tell_trying(self) -> None:
        """Say that a sync is under way, unless something worse is known and not yet disproved."""
        if self._told.state not in (State.HELD, State.DESYNCED):
            self.tell(State.SYNCING, "connected; waiting for the agent's answer to the first sync")

    def tell_frozen(self, reason: str) -> None:
        """Filesystems are frozen."""
        if self._frozen is None:
            before = self.status
            self._frozen = Status(State.FROZEN, reason, self._clock.seconds())
            self._announce(before)

    def tell_thawed(self) -> None:
        """No filesystem is frozen."""
        before, self._frozen = self.status, None
        self._announce(before)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` each new status, until the function returned is called."""

        # each subscription is its own entry: the same listener may subscribe twice
        def entry(status: Status) -> None:
            listener(status)

        self._listeners.append(entry)

        def unsubscribe() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)

        return unsubscribe

    def when_ready(self) -> Deferred[None]:
        """Wait for ``READY``."""
        if self._told.state is State.READY:
            return succeed(None)
        if self._over:
            return fail(self.unavailable())
        waiting: Deferred[None] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting

    def unavailable(self) -> AgentUnavailable:
        """Make the error for a call that cannot be written now."""
        return AgentUnavailable(self._told.state.value, self._told.reason)

    def _announce(self, before: Status) -> None:
        status = self.status
        if status == before:
            return
        self._write_down(status)
        for listener in list(self._listeners):
            try:
                listener(status)
            except Exception:
                self._log.failure("{guest}: a listener failed", guest=self._name)

    def _write_down(self, status: Status) -> None:
        missed = self._allowance.take()
        if missed is None:
            if self._allowance.missed == 1:
                self._log.warn(
                    "{guest}: its state changes too often; from now on not every change is logged",
                    guest=self._name,
                )
            return
        if missed:
            self._log.warn(
                "{guest}: {missed} changes of its state before this one are not logged",
                guest=self._name,
                missed=missed,
            )
        self._log.info(
            "{guest}: {state}: {reason}",
            guest=self._name,
            state=status.state.value,
            reason=status.reason,
        )
