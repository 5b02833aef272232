"""
What one client says, and what it is answered: a private agent for each connection.

Requests are answered one after the other, as the agent in a guest does. A sync is the mux's own
to answer, everything else the agent's. Nothing is ever said unasked.
"""

from collections import deque
from collections.abc import Callable

from attrs import frozen
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import AgentUnavailable, CommandFailed, OutcomeUnknown
from txqga.mux._callers import Caller
from txqga.mux._guest import Guest
from txqga.wire import (
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
        self._has_ended = False  #: the client will say no more
        self._more: Deferred[None] | None = None  #: set while there is nothing to do
        self._talking = Deferred.fromCoroutine(self._talk()).addErrback(self._broken)

    def receive(self, data: bytes) -> None:
        """Take what the client said."""
        self._unread.append(data)
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
        self._talking.cancel()

    def _go_on(self) -> None:
        if self._more is not None:
            more, self._more = self._more, None
            more.callback(None)

    async def _talk(self) -> None:
        answered = 0
        while self._unread or not self._has_ended:
            if not self._unread:
                self._more = Deferred()
                await self._more
                continue
            for event in self._reader.receive(self._next_piece()):
                reply = await self._answer(event)
                if reply is None:
                    self._line.close()
                    return
                self._line.write(reply)
                answered += 1
                if answered % ANSWERS == 0:
                    await deferLater(self._clock, 0)
        self._line.close()

    def _next_piece(self) -> bytes:
        piece = self._unread.popleft()
        if len(piece) > PIECE:
            self._unread.appendleft(piece[PIECE:])
            piece = piece[:PIECE]
        before = self._unread_octets
        self._unread_octets -= len(piece)
        if self._unread_octets <= UNREAD < before:
            self._line.pause(False)
        return piece

    async def _answer(self, event: Message | Malformed) -> bytes | None:
        """The line to write; None where nothing but the end of the connection is an answer."""
        if isinstance(event, Malformed):
            return refusal("GenericError", event.desc)
        try:
            request = parse_request(event.value)
        except RequestFault as fault:
            return refusal("GenericError", fault.desc, fault.id)
        flush = SENTINEL if request.execute == "guest-sync-delimited" else b""
        try:
            if request.execute in ("guest-sync", "guest-sync-delimited"):
                return flush + await self._sync(request)
            value = await self._guest.ask(
                self._caller, request.execute, request.arguments, event.octets
            )
            return success(value, request.id)
        except CommandFailed as why:
            return refusal(why.wire_class, why.desc, request.id)
        except AgentUnavailable as why:
            return flush + refusal("GenericError", str(why), request.id)
        except OutcomeUnknown as why:
            if self._guest.is_silent(request.execute):
                return None
            return refusal("GenericError", f"outcome unknown: {why.reason}", request.id)

    async def _sync(self, request: Request) -> bytes:
        why = self._guest.fault(request.execute, request.arguments)
        if why is not None:
            raise why
        await self._guest.sync()
        return success(request.arguments["id"], request.id)

    def _broken(self, failure: Failure) -> None:
        if failure.check(CancelledError) is None:
            self._log.failure("{client}: the conversation broke", failure, client=self._caller.name)
            self._line.close()
