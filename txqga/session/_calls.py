"""
The calls of one session, from the caller to the wire and back.

Where the agent knows ids, reads share the flight and whatever else is asked flies alone. Where it
does not (before QEMU 4.0), every call flies alone, and the next reply is its reply. Where it knows
fences, what changes the guest is sent inside one; one that has become old is begun anew before.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Protocol

from attrs import define, field
from twisted.internet.defer import Deferred, fail

from txqga.errors import AgentUnavailable, CommandFailed
from txqga.session._call import Call, Reply
from txqga.session._counters import Counters
from txqga.session._fence import FENCE, ROOM, Fence
from txqga.session._flight import Flight
from txqga.session._queue import Queue
from txqga.session._reasons import quoted
from txqga.wire import ABSENT, JSON, QEMU_LIMITS, REPLY_LIMITS, Refusal, command


class Alarm(Protocol):
    """What the calls ask of the sync machine."""

    def overdue(self, why: str) -> None:
        """Nothing in flight has time left: sync now."""

    def doubt(self, why: str) -> None:
        """What is in flight may never be answered: let a sync tell."""

    def flooded(self, why: str) -> None:
        """Nothing good can come on this connection any more."""


class Line(Protocol):
    """What the calls ask of the connection."""

    def write(self, octets: bytes) -> None:
        """Send."""

    def expect(self, octets: int) -> None:
        """Take lines of so many octets."""


class Gate(Enum):
    """Whether calls are taken, and written."""

    OPEN = "open"  #: taken and written
    HELD = "held"  #: taken, to be written later
    SHUT = "shut"  #: refused; what waits already goes on waiting


@define(kw_only=True)
class Calls:
    """The calls of one session, from the caller to the wire and back."""

    line: Line
    flight: Flight
    queue: Queue
    counters: Counters
    fence: Fence
    unavailable: Callable[[], AgentUnavailable]  #: makes the error for a call not taken
    garbage: int  #: bad lines in a row that are put up with

    alarm: Alarm = field(init=False)
    _gate: Gate = field(default=Gate.SHUT, init=False)
    _prefix: str | None = field(default=None, init=False)  #: of the epoch's ids; None: no ids
    _last: int = field(default=0, init=False)
    _strays: int = field(default=0, init=False)  #: bad lines since the last reply
    _longest: int = field(default=0, init=False)

    def submit(self, call: Call, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        """Write ``call``, now or when its turn comes."""
        if self._gate is Gate.SHUT:
            return fail(self.unavailable())
        self._last += 1
        if self._prefix is None:
            call.name = self._last
            call.shared = call.fenced = False
            call.frame = command(call.command, arguments)
        else:
            call.name = name = f"{self._prefix}{self._last}"
            call.fenced = call.fenced and self.fence.token is not None
            call.frame = command(call.command, arguments, ABSENT if call.fenced else name)
            if call.fenced and len(call.frame) + ROOM > QEMU_LIMITS.octets:
                call.fenced = False
                call.frame = command(call.command, arguments, name)
            call.resend = self._resend if call.fenced else None
        if len(call.frame) > QEMU_LIMITS.octets:
            # QEMU's agent would refuse it without its id, and take the rest for more requests
            return fail(CommandFailed("JSON token size limit exceeded", call.command))
        waiting: Deferred[JSON] = Deferred(partial(self._cancelled, call))
        call.waiting = waiting
        if self.queue or self._gate is not Gate.OPEN or not self.flight.has_room(call):
            self.queue.append(call)
        elif call.fenced:
            self.queue.append(call)
            self.pump()
        else:
            self._enter(call, call.asked)
            self.line.write(call.frame)
        return waiting

    def answer(self, name: str | int, reply: Reply) -> bool:
        """Give ``reply`` to the call of that id; say whether there is one."""
        if not self.flight.answer(name, reply):
            return False
        self._strays = 0
        return True

    def unlabelled(self, reply: Reply) -> None:
        """Take a reply without an id: in an epoch without ids it answers the call in flight."""
        call = self.flight.oldest
        if self._prefix is None and call is not None:
            self.answer(call.name, reply)
            return
        self.stray("no id", reply.desc if isinstance(reply, Refusal) else "a reply without an id")
        if self._prefix is None:
            # as long as it is not known what this was, every reply could be one too late
            self.alarm.overdue("the agent answered what was not asked")

    def stray(self, kind: str, what: str) -> None:
        """
        Take a line that answers nothing.

        With ids, a line that cannot be read, or a refusal without id, may be all that will come
        for a call in flight: its request may have been too long for the agent's parser. It is not
        taken for an answer, but a sync tells at once whether one is still to come.
        """
        self.counters.protocol_errors[kind] += 1
        self._strays += 1
        what = quoted(what)
        if self._strays > self.garbage:
            self.alarm.flooded(f"{self._strays} lines in a row made no sense; the last: {what}")
        elif self._prefix is not None and kind != "unknown id" and self.flight.oldest is not None:
            self.alarm.doubt(f"the agent went on without answering; it said: {what}")

    def pump(self) -> None:
        """Write the calls whose turn has come, all at once."""
        queue = self.queue
        if not queue or self._gate is not Gate.OPEN:
            return
        now = self.flight.clock.seconds()
        frames = []
        while queue and self.flight.has_room(queue.first()):
            if queue.first().fenced and self.fence.is_stale:
                frames.append(self._renew(queue.first(), now))
                break
            call = queue.pop()
            self._enter(call, now)
            frames.append(self.fence.around(call, now) if call.fenced else call.frame)
        if frames:
            self.line.write(b"".join(frames))

    def opened(self, prefix: str | None) -> None:
        """Write calls from now on, with ids that begin with ``prefix`` if there is one."""
        self._prefix = prefix
        self._strays = 0
        self._longest = 0
        self._gate = Gate.OPEN

    def hold(self) -> None:
        """Write nothing for the moment."""
        self._gate = Gate.HELD

    def shut(self) -> None:
        """Write nothing, and take nothing."""
        self._gate = Gate.SHUT

    def reopen(self) -> list[Call]:
        """Go on; what was in flight is returned, to be concluded."""
        self._gate = Gate.OPEN
        return self.flight.take()

    def conclude(self, calls: list[Call], why: str) -> None:
        """A sync was answered after these: no reply to them can come any more."""
        for call in calls:
            call.give_up(why)
            call.conclude()
        self.pump()

    def lost(self, why: str) -> None:
        """The connection is gone: what was written may run, what was not will not."""
        self.shut()
        self.fence.forget()
        self.flight.lost(why, named=self._prefix is not None)
        for call in self.queue.clear():
            call.fail(self.unavailable())

    def _enter(self, call: Call, now: float) -> None:
        longest = call.longest
        if self.flight.oldest is not None:
            longest = max(longest, self._longest)
        if longest != self._longest:
            self._longest = longest
            self.line.expect(longest)
        self.flight.enter(call, now)

    def _renew(self, behind: Call, now: float) -> bytes:
        """Begin another fence, alone; who waits ``behind`` is written when it is answered."""
        arguments = self.fence.another()
        call = Call(FENCE, "once", behind.deadline, behind.cap, now)
        self._last += 1
        call.name = f"{self._prefix}{self._last}"
        call.longest = REPLY_LIMITS.octets
        call.observe = partial(self._begun, self._prefix, arguments["token"])
        self._enter(call, now)
        return command(FENCE, arguments, call.name)

    def _begun(self, prefix: str | None, token: JSON, call: Call, reply: Reply) -> None:
        if prefix == self._prefix:  # else: it is late, and of an earlier connection
            self.fence.begun(token, reply)

    def _resend(self, call: Call) -> None:
        """A fence has kept ``call`` from running, and its caller still waits."""
        self.fence.doubt()
        self._last += 1
        call.name = f"{self._prefix}{self._last}"
        self.queue.prepend(call)

    def _cancelled(self, call: Call, waiting: Deferred[JSON]) -> None:
        call.waiting = None
        if self.queue.remove(call):
            self.pump()
        else:
            self.flight.abandon(call)
