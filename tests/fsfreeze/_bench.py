"""A guest whose agent is the test, and a ledger that is written when the test says so."""

from collections import deque
from collections.abc import Mapping
from functools import partial

from attrs import define, field
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock

from txqga.errors import OutcomeUnknown
from txqga.fsfreeze._core import Core
from txqga.fsfreeze._lease import Lease, Standing
from txqga.fsfreeze._wishes import FREEZE, THAW, Freeze, Renewal, Thaw
from txqga.wire import JSON


@define(eq=False)
class Asked:
    """One command on its way."""

    command: str
    arguments: Mapping[str, JSON]
    reply: "Deferred[JSON]"


@define(eq=False)
class Agent:
    """An agent that answers what it was asked, in order, when the test says so."""

    asked: list[str] = field(factory=list)  #: all there ever was
    waiting: deque[Asked] = field(factory=deque)

    def ask(self, command: str, arguments: Mapping[str, JSON]) -> "Deferred[JSON]":
        def cancelled(reply: "Deferred[JSON]") -> None:
            if asked in self.waiting:
                self.waiting.remove(asked)

        asked = Asked(command, arguments, Deferred(cancelled))
        self.asked.append(command)
        self.waiting.append(asked)
        return asked.reply

    def answer(self, value: JSON) -> None:
        self.waiting.popleft().reply.callback(value)

    def fail(self, error: Exception) -> None:
        self.waiting.popleft().reply.errback(error)

    def lose(self) -> None:
        """Nobody will ever know."""
        self.fail(unknown(self.waiting[0].command))


@define(eq=False)
class Ledger:
    """Keeps what was written; ``slow`` lets it wait for the test."""

    notes: list[Standing] = field(factory=list)
    slow: bool = False
    writing: "deque[Deferred[None]]" = field(factory=deque)

    def note(self, standing: Standing) -> "Deferred[None]":
        self.notes.append(standing)
        if not self.slow:
            return succeed(None)
        self.writing.append(Deferred())
        return self.writing[-1]

    @property
    def stages(self) -> list[str]:
        return [each.stage.value for each in self.notes]


class Nowhere:
    """An outcome that nobody will know."""


def unknown(command: str) -> OutcomeUnknown:
    return OutcomeUnknown(command, "once", "no reply", Nowhere())  # type: ignore[arg-type]


@define(eq=False)
class Bench:
    """All that a lifecycle works with."""

    clock: Clock = field(factory=Clock)
    agent: Agent = field(factory=Agent)
    ledger: Ledger = field(factory=Ledger)
    told: list[str] = field(factory=list)

    def core(self, seconds: float = 300.0) -> Core:
        return Core(
            clock=self.clock,
            ask=self.agent.ask,
            ledger=self.ledger,
            tell=lambda standing: self.told.append(standing.stage.value),
            seconds=seconds,
        )

    def freeze(self, seconds: float = 60.0, owner: str = "ann") -> Freeze:
        return Freeze(owner=owner, seconds=seconds, send=partial(self.agent.ask, FREEZE, {}))

    def thaw(self) -> Thaw:
        return Thaw(partial(self.agent.ask, THAW, {}))

    def lease(self, seconds: float = 60.0) -> Lease:
        now = self.clock.seconds()
        return Lease(owner="ann", seconds=seconds, since=now, deadline=now + seconds)


def renewal(seconds: float) -> Renewal:
    return Renewal(seconds)
