"""A guest of a mux in this process."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.interfaces import IReactorTime

from txqga.errors import AgentUnavailable, OutcomeUnknown
from txqga.fsfreeze import Freezer
from txqga.guest._never import Never
from txqga.schema import Schema, command_class
from txqga.session import State, Status
from txqga.wire import JSON

if TYPE_CHECKING:  # it needs more than the library has
    from txqga.mux import Caller, Event, Guest, Mux


class InMux:
    """A guest of a mux in this process; it may be removed from there, and come back."""

    def __init__(
        self, clock: IReactorTime, mux: "Mux", name: str, caller: "Caller", schema: Schema
    ) -> None:
        self._clock = clock
        self._mux = mux
        self._caller = caller
        self._schema = schema
        self.name = name
        self.epoch = 1  #: counts how often it was ready
        self._waiting: list[Deferred[None]] = []
        self._listeners: list[Callable[[Status], None]] = []
        self._unsubscribe = mux.events.subscribe(self._happened)

    @property
    def status(self) -> Status:
        """How the agent is, now."""
        guest = self._guest
        if guest is None:
            return Status(State.ABSENT, f"the mux has no guest {self.name}", self._clock.seconds())
        return guest.status

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent; the deadline counts from now on, and the wait for its turn with it."""
        guest = self._guest
        given = {} if arguments is None else arguments
        if guest is None:
            return fail(self._unavailable())
        asked = guest.ask(self._caller, command, given)
        limit = deadline if cap is None else cap
        if limit is None:
            return asked

        def out_of_time(result: object, seconds: float) -> JSON:
            kind = command_class(self._schema, command, given).value
            raise OutcomeUnknown(command, kind, f"no answer in {seconds:g} s", Never())

        return asked.addTimeout(limit, self._clock, onTimeoutCancel=out_of_time)

    def when_ready(self) -> Deferred[None]:
        """Wait until calls are taken."""
        if self.status.state.is_ready:
            return succeed(None)
        waiting: Deferred[None] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """Tell ``listener`` each new status."""

        # each subscription is its own entry: the same listener may subscribe twice
        def entry(status: Status) -> None:
            listener(status)

        self._listeners.append(entry)

        def unsubscribe() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)

        return unsubscribe

    def freezer(self, owner: str, seconds: float | None, mountpoints: list[str] | None) -> Freezer:
        """
        Make a holder of the guest's filesystems.

        :raise AgentUnavailable: the mux has no such guest.
        """
        guest = self._guest
        if guest is None:
            raise self._unavailable()
        return guest.freezer(owner, seconds, mountpoints)

    def close(self) -> Deferred[None]:
        """Ask no more; what was frozen ends as the mux's leases do."""
        self._unsubscribe()
        guest = self._guest
        if guest is not None:
            guest.leave(self._caller)
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.errback(AgentUnavailable(State.CLOSED.value, "the guest was closed"))
        return succeed(None)

    @property
    def _guest(self) -> "Guest | None":
        return self._mux.guests.get(self.name)

    def _unavailable(self) -> AgentUnavailable:
        status = self.status
        return AgentUnavailable(status.state.value, status.reason)

    def _happened(self, event: "Event") -> None:
        if event.guest != self.name or event.kind not in _TELLING:
            return
        status = self.status
        if not status.state.is_ready:
            self.epoch += 1
        if status.state is State.BUSY:  # which comes and goes with every call
            status = Status(State.READY, "the agent answers", status.since)
        # later, for an event is told in the middle of things
        self._clock.callLater(0, self._changed, status)

    def _changed(self, status: Status) -> None:
        for listener in list(self._listeners):
            listener(status)
        if status.state.is_ready:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.callback(None)


#: what is told when the status has changed
_TELLING = frozenset({"guest-state", "guest-freeze", "guest-added", "guest-removed"})
