"""A session whose agent is the test: it answers what it was asked when the test says so."""

from collections.abc import Callable, Mapping

from attrs import define, field
from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.task import Clock
from zope.interface import implementer

from txqga.errors import AgentUnavailable, OutcomeUnknown
from txqga.interfaces import IOutcome
from txqga.session import Counters, State, Status
from txqga.wire import JSON, Success


@implementer(IOutcome)
class Outcome:
    """What the test says later about a command whose reply did not come."""

    def __init__(self) -> None:
        self._waiting: list[Deferred[object]] = []

    def settled(self) -> Deferred[object]:
        waiting: Deferred[object] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting

    def settle(self, reply: object) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.callback(reply)

    def late(self, value: JSON) -> None:
        """The reply has come after all."""
        self.settle(Success(value, "1.1"))


@define(eq=False)
class Call:
    """One command that was written to the agent."""

    command: str
    arguments: Mapping[str, JSON]
    deadline: float | None
    cap: float | None
    reply: Deferred[JSON]
    cancelled: bool = False


@define(eq=False)
class ScriptedSession:
    """A session whose agent is the test."""

    clock: Clock = field(factory=Clock)
    calls: list[Call] = field(factory=list)  #: written and not answered
    asked: list[str] = field(factory=list)  #: all commands ever written
    stopped: bool = False
    epoch: int = 0
    rests: str | None = None  #: why it does not try to connect
    woken: int = 0
    longest: float | None = None  #: pause between attempts to connect
    started: bool = False
    counters: Counters = field(factory=Counters)
    _status: Status = field(factory=lambda: Status(State.CLOSED, "not started", 0.0))
    _listeners: list[Callable[[Status], None]] = field(factory=list)

    @property
    def status(self) -> Status:
        if self._status.state is State.READY and self.calls:
            return Status(State.BUSY, "a command is running", 0.0)
        return self._status

    def start(self) -> None:
        self.started = True

    def stop(self) -> Deferred[None]:
        self.stopped = True
        self.tell(State.CLOSED, "stopped")
        return succeed(None)

    def rest(self, why: str) -> None:
        self.rests = why
        self.tell(State.ABSENT, why)

    def wake(self) -> None:
        self.rests = None
        self.woken += 1

    def hurry(self, longest: float | None) -> None:
        self.longest = longest

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        status = self.status
        if not status.state.is_ready:
            return fail(AgentUnavailable(status.state.value, status.reason))
        call = Call(command, dict(arguments or {}), deadline, cap, Deferred())

        def cancelled(reply: Deferred[JSON]) -> None:
            call.cancelled = True
            reply.errback(CancelledError())

        call.reply = Deferred(cancelled)
        self.calls.append(call)
        self.asked.append(command)
        return call.reply

    # -- what the test does

    def tell(self, state: State, reason: str = "the test says so") -> None:
        """Enter a state; what was written and not answered is then unknown."""
        self._status = Status(state, reason, self.clock.seconds())
        for listener in list(self._listeners):
            listener(self._status)
        if not state.is_ready:
            while self.calls:
                self.lose(reason)

    def ready(self) -> None:
        if not self._status.state.is_ready:
            self.epoch += 1
        self.tell(State.READY, "the agent answers")

    def answer(self, value: JSON = None) -> None:
        """Answer the oldest call."""
        self._pop().reply.callback({} if value is None else value)

    def refuse(self, error: Exception) -> None:
        """Refuse the oldest call."""
        self._pop().reply.errback(error)

    def lose(self, reason: str = "no reply") -> Outcome:
        """Give up the oldest call."""
        call, outcome = self._pop(), Outcome()
        call.reply.errback(OutcomeUnknown(call.command, "once", reason, outcome))
        return outcome

    def _pop(self) -> Call:
        return self.calls.pop(0)
