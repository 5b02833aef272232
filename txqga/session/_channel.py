"""The Twisted end of a connection: octets from the transport, events to the conversation."""

from collections.abc import Callable
from typing import Protocol as Seam

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IReactorTime, ITransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.errors import FrameTooLong
from txqga.session._silence import Ear
from txqga.transports.sockets import Prompt
from txqga.wire import JSON, Malformed, Message, ReplyReader

#: octets taken at a time where they hold many lines: lines that make no sense are slow to read, so
#: a guest that floods is noticed, and dropped, before it has kept the others waiting for long
SLICE = 4096
#: lines, or sentinels, that are not many; a long reply is part of one line
FEW = 16


class Listener(Seam):
    """Who is told what came over the connection."""

    def message(self, value: JSON) -> None:
        """Take one line, decoded."""

    def malformed(self, desc: str) -> None:
        """Take note of a line that is no JSON."""

    def sentinel(self) -> None:
        """Take note that 0xFF came before what comes next."""

    def rest(self) -> None:
        """Take note that this was all for now."""

    def overflow(self, desc: str) -> None:
        """Take note that a line outgrew the limit: the stream is lost."""

    def lost(self, reason: Failure) -> None:
        """Take note that the connection is gone."""


class _Deaf:
    """Listens to a connection that was given up."""

    def message(self, value: JSON) -> None: ...
    def malformed(self, desc: str) -> None: ...
    def sentinel(self) -> None: ...
    def rest(self) -> None: ...
    def overflow(self, desc: str) -> None: ...
    def lost(self, reason: Failure) -> None: ...


_NOBODY: Listener = _Deaf()


def _has_few(data: bytes, mark: bytes) -> bool:
    """Look for marks one by one: where there are few, that is ten times as fast as counting."""
    pos = -1
    for _ in range(FEW):
        pos = data.find(mark, pos + 1)
        if pos < 0:
            return True
    return False


class ChannelProtocol(Protocol):
    """One connection to an agent's channel."""

    transport: ITransport

    def __init__(
        self,
        clock: IReactorTime,
        ear: Ear,
        made: "Callable[[ChannelProtocol], None]",
        reader: ReplyReader | None = None,
    ) -> None:
        self.reader = ReplyReader() if reader is None else reader
        self._clock = clock
        self._ear = ear
        self._made = made
        self._listener = _NOBODY
        self._is_gone = False
        self._is_prompt = False  # what is written goes at once
        self._taking = False  # octets, which may lead to more than one write
        self._written = False  # meanwhile
        self._waiting: list[Deferred[None]] = []

    def attend(self, listener: Listener) -> None:
        """Tell ``listener`` what comes."""
        self._listener = listener

    def connectionMade(self) -> None:
        """Ask for a listener."""
        self._is_prompt = isinstance(self.transport, Prompt)
        self._made(self)

    def dataReceived(self, data: bytes) -> None:
        """Tell the listener what the octets mean."""
        ear = self._ear
        ear.heard = self._clock.seconds()
        ear.reads += 1
        self._taking, self._written = True, False
        try:
            self._take_all(data)
        finally:
            self._taking = False
        if self._written:
            self._push()

    def write(self, octets: bytes) -> None:
        """Send, at once or as soon as what was received is dealt with."""
        if self._listener is _NOBODY:
            return
        self.transport.write(octets)
        if self._is_prompt:
            return
        if self._taking:
            self._written = True
        else:
            self._push()

    def _take_all(self, data: bytes) -> None:
        if len(data) <= SLICE or (_has_few(data, b"\n") and _has_few(data, b"\xff")):
            self._take(data)
        else:
            for start in range(0, len(data), SLICE):
                if self._listener is _NOBODY:
                    return
                self._take(data[start : start + SLICE])

    def _push(self) -> None:
        """
        Let go what was written, now that no more comes to it.

        A transport of Twisted's own waits for the reactor's next turn, which is a quarter of what
        a short call costs. An error is met again, and dealt with, in that turn.
        """
        push = getattr(self.transport, "doWrite", None)
        if push is not None and self._listener is not _NOBODY:
            push()

    def _take(self, data: bytes) -> None:
        try:
            events = self.reader.receive(data)
        except FrameTooLong as why:
            self._listener.overflow(why.desc)
            return
        for event in events:
            # looked up each time: what one event says may be the end of the conversation
            if isinstance(event, Message):
                self._listener.message(event.value)
            elif isinstance(event, Malformed):
                self._listener.malformed(event.desc)
            else:
                self._listener.sentinel()
        self._listener.rest()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell the listener."""
        listener, self._listener = self._listener, _NOBODY
        self._is_gone = True
        waiting, self._waiting = self._waiting, []
        listener.lost(reason)
        for each in waiting:
            each.callback(None)

    def drop(self) -> None:
        """
        Close without another word, in either direction.

        Octets that the transport has not sent yet are thrown away: nobody waits for their effect
        any more, and a hung agent would keep an orderly close waiting for ever.
        """
        if not self._is_gone:
            self._listener = _NOBODY
            # not every transport can abort: ITransport has only the orderly way
            getattr(self.transport, "abortConnection", self.transport.loseConnection)()

    def when_gone(self) -> Deferred[None]:
        """Wait until the transport has closed."""
        if self._is_gone:
            return succeed(None)
        waiting: Deferred[None] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting
