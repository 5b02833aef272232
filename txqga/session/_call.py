"""One call: what was asked, where it stands, and who waits for it."""

from collections.abc import Callable
from typing import TypeAlias

from twisted.internet.defer import Deferred

from txqga.errors import CommandFailed, CommandNotFound, FencedOff, OutcomeUnknown
from txqga.session._outcome import Outcome
from txqga.wire import JSON, Refusal, Success

Reply: TypeAlias = Success | Refusal

#: a call without a cap of its own ends after so many deadlines, however much is heard
DEADLINES = 12

#: with these a command that is inside a fence is refused without having run: the fence, or the
#: command, is one that the agent does not know (any more)
_NOT_RUN = frozenset({FencedOff.wire_class, CommandNotFound.wire_class})

#: by their class on the wire
_REFUSALS: dict[str, type[CommandFailed]] = {
    kind.wire_class: kind for kind in (CommandNotFound, FencedOff)
}


class Call:
    """
    One call.

    ``waiting`` is whoever made it; None once answered, cancelled, or given up. A call that was
    written keeps its place until its reply comes or cannot come any more, whoever still waits.
    """

    __slots__ = (
        "asked",
        "cap",
        "command",
        "command_class",
        "deadline",
        "fenced",
        "frame",
        "kind",
        "longest",
        "name",
        "observe",
        "outcome",
        "overdue",
        "resend",
        "shared",
        "silent",
        "waiting",
        "written",
    )

    def __init__(
        self, command: str, command_class: str, deadline: float, cap: float | None, asked: float
    ) -> None:
        self.command = command
        self.command_class = command_class
        self.deadline = deadline  #: longest silence once written, in seconds
        self.cap = cap  #: longest time altogether, in seconds since ``asked``
        self.asked = asked
        self.written = asked
        self.name: str | int = 0  #: the id on the wire; in an epoch without ids just a number
        self.frame = b""  #: the request; without an id and not written as it is, if it is fenced
        self.fenced = False  #: it must not run when nobody waits for it any more
        #: writes it once more, if a fence has kept it from running; the first time
        self.resend: Callable[[Call], None] | None = None
        self.longest = 0  #: octets that the reply's line may have
        self.shared = False  #: others of its kind may be in flight with it
        self.silent = False  #: there is no reply when it works
        self.kind = command  #: the name it is counted under
        self.overdue = False  #: its deadline passed without a reply
        self.observe: Callable[[Call, Reply], None] | None = None  #: told of the reply, late or not
        self.outcome: Outcome | None = None
        self.waiting: Deferred[JSON] | None = None

    @property
    def ends(self) -> float:
        """When the call is over, whatever was heard: a guest may drip for ever."""
        if self.cap is not None:
            return self.asked + self.cap
        return self.written + DEADLINES * self.deadline

    def due(self, heard: float) -> float:
        """Say when the reply is overdue, if nothing is heard after ``heard``."""
        return min(max(heard, self.written) + self.deadline, self.ends)

    def answer(self, reply: Reply) -> None:
        """Hand the reply to whoever waits for it, in time or not."""
        resend, self.resend = self.resend, None
        if resend is not None and self.waiting is not None and _has_not_run(reply):
            resend(self)
            return
        waiting, self.waiting = self.waiting, None
        if waiting is None:
            if self.outcome is not None:
                self.outcome.settle(reply)
        elif isinstance(reply, Success):
            waiting.callback(reply.value)
        else:
            kind = _REFUSALS.get(reply.wire_class, CommandFailed)
            waiting.errback(kind(reply.desc, self.command))

    def fail(self, why: Exception) -> None:
        """Tell whoever waits that there will be no answer."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            waiting.errback(why)

    def give_up(self, reason: str) -> None:
        """Tell whoever waits that the outcome is unknown; a late reply settles it."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            if self.silent:
                reason = f"it has no reply when it works; {reason}"
            self.outcome = Outcome()
            waiting.errback(OutcomeUnknown(self.command, self.command_class, reason, self.outcome))

    def conclude(self) -> None:
        """Nothing more will ever be known of it."""
        if self.outcome is not None:
            self.outcome.settle(None)


def _has_not_run(reply: Reply) -> bool:
    return isinstance(reply, Refusal) and reply.wire_class in _NOT_RUN
