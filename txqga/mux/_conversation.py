"""
What one client says, and what it is answered: a private agent for each connection.

Requests are answered one after the other, as the agent in a guest does. A sync is the mux's own
to answer, everything else the agent's. Nothing is ever said unasked.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from attrs import frozen
from twisted.internet.defer import CancelledError, Deferred, fail
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import AgentUnavailable, CommandFailed, OutcomeUnknown
from txqga.mux._callers import Caller
from txqga.mux._guest import Guest
from txqga.wire import (
    JSON,
    QEMU_LIMITS,
    SENTINEL,
    Limits,
    Malformed,
    Message,
    Request,
    RequestFault,
    RequestReader,
    parse_request,
    refusal,
    success,
)

#: What one request may hold. As long as QEMU's own agent takes, for 48 MiB of file contents are
#: as long in base64; but no command nests deeply or has a hundred thousand arguments, and what a
#: text like that costs to take apart, everybody would pay.
LIMITS = Limits(octets=QEMU_LIMITS.octets, depth=64, members=100_000)

#: Octets that may wait behind the request that is being answered, before the client is not read
#: from any more. It is not parsed before its turn: octets are small, what they mean may not be.
UNREAD = 64 << 10

#: Octets parsed at a time, and answers given, before others have a turn of the reactor.
PIECE, ANSWERS = 16 << 10, 64

_DELIMITED = "guest-sync-delimited"


@frozen(kw_only=True)
class Line:
    """What a conversation does to its connection."""

    write: Callable[[bytes], None]
    close: Callable[[], None]  #: when everything written has been read
    pause: Callable[[bool], None]  #: True: read no more; False: go on


class Conversation:
    """What one client says, and what it is answered."""

    _log = Logger()

    def __init__(self, clock: IReactorTime, guest: Guest, caller: Caller, line: Line) -> None:
        self._clock = clock
        self._guest = guest
        self._caller = caller
        self._line = line
        self._reader = RequestReader(LIMITS)
        self._unread: deque[bytes] = deque()
        self._unread_octets = 0
        self._events: deque[Message | Malformed] = deque()  #: read, and not answered
        self._answered = 0
        self._awaited: Deferred[Any] | None = None  #: goes before the next event
        self._is_going = False
        self._has_ended = False  #: the client will say no more
        self._is_over = False  #: nor will it be told anything

    def receive(self, data: bytes) -> None:
        """Take what the client said."""
        self._unread.extend(data[start : start + PIECE] for start in range(0, len(data), PIECE))
        self._unread_octets += len(data)
        self._go_on()
        if self._unread_octets > UNREAD:
            self._line.pause(True)

    def end(self) -> None:
        """Answer what the client has said, and close: it will say no more."""
        self._has_ended = True
        self._go_on()

    def stop(self) -> None:
        """The client has gone: what it asked and has not been written will not run."""
        self._is_over = True
        if self._awaited is not None:
            self._awaited.cancel()

    def _go_on(self) -> None:
        """Answer what was said, up to where something has to be waited for."""
        if self._is_going:
            return
        self._is_going = True
        try:
            while self._awaited is None and not self._is_over:
                if self._events:
                    self._answer(self._events.popleft())
                elif self._unread:
                    self._events.extend(self._reader.receive(self._next_piece()))
                else:
                    break
        except Exception:
            self._broken(Failure())
        self._is_going = False
        if self._has_ended and self._awaited is None:
            self._close()

    def _next_piece(self) -> bytes:
        piece = self._unread.popleft()
        before = self._unread_octets
        self._unread_octets -= len(piece)
        if self._unread_octets <= UNREAD < before:
            self._line.pause(False)
        return piece

    def _answer(self, event: Message | Malformed) -> None:
        if isinstance(event, Malformed):
            self._say(refusal("GenericError", event.desc))
            return
        try:
            request = parse_request(event.value)
        except RequestFault as fault:
            self._say(refusal("GenericError", fault.desc, fault.id))
            return
        command = request.execute
        if command in ("guest-sync", _DELIMITED):
            asked = self._sync(request)
        else:
            asked = self._guest.ask(
                self._caller, command, request.arguments, event.octets, verbatim=True
            )
        self._awaited = asked
        asked.addCallbacks(
            self._succeeded, self._failed, callbackArgs=(request,), errbackArgs=(request,)
        ).addErrback(self._broken)

    def _sync(self, request: Request) -> Deferred[Any]:
        why = self._guest.fault(request.execute, request.arguments)
        if why is not None:
            return fail(why)
        return self._guest.sync().addCallback(lambda _: request.arguments["id"])

    def _succeeded(self, value: JSON, request: Request) -> None:
        self._awaited = None
        reply = success(value, request.id)
        self._say(SENTINEL + reply if request.execute == _DELIMITED else reply)
        self._go_on()

    def _failed(self, failure: Failure, request: Request) -> Failure | None:
        self._awaited = None
        why = failure.value
        if isinstance(why, CommandFailed):
            self._say(refusal(why.wire_class, why.desc, request.id))
        elif isinstance(why, AgentUnavailable):
            reply = refusal("GenericError", str(why), request.id)
            self._say(SENTINEL + reply if request.execute == _DELIMITED else reply)
        elif not isinstance(why, OutcomeUnknown):
            return failure
        elif self._guest.is_silent(request.execute, request.arguments):
            self._close()  # nothing but the end of the connection is an answer
        else:
            self._say(refusal("GenericError", f"outcome unknown: {why.reason}", request.id))
        self._go_on()
        return None

    def _say(self, reply: bytes) -> None:
        self._line.write(reply)
        self._answered += 1
        if self._answered % ANSWERS == 0:
            self._awaited = deferLater(self._clock, 0)
            self._awaited.addCallback(self._rested).addErrback(self._broken)

    def _rested(self, _: object) -> None:
        self._awaited = None
        self._go_on()

    def _close(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._line.close()

    def _broken(self, failure: Failure) -> None:
        if failure.check(CancelledError) is None:
            self._log.failure("{client}: the conversation broke", failure, client=self._caller.name)
            self._close()
