"""
A conversation with one client: octets in, commands in turn, octets out.

What waits is bounded. Nothing is read while a command runs or while the client does not take its
replies, so at most one read's worth of requests is in memory, and little more than one reply.
"""

from collections import deque
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IConsumer,
    IHalfCloseableProtocol,
    IPushProducer,
    ITransport,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.agent._dispatch import Reply
from txqga.wire import JSON, Malformed, Message, RequestReader, refusal

_BURST = 1 << 16  #: octets of replies that are kept together, roughly


class IChannel(ITransport, IConsumer, IPushProducer):
    """What a conversation asks of its transport."""


@implementer(IHalfCloseableProtocol, IPushProducer)
class Conversation(Protocol):
    """
    Serves one connection, one command at a time.

    Each begins with a clean reader: half a request of an earlier client is nobody's.

    :param answer: :meth:`txqga.agent._dispatch.Dispatcher.answer`.
    :param over: called once, when the client has gone and no command of its runs any more.
    """

    transport: IChannel

    def __init__(
        self,
        answer: Callable[[JSON], Reply | Deferred[Reply]],
        over: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._over = over
        self._reader = RequestReader()
        self._waiting: deque[Message | Malformed] = deque()
        self._running = False  # a command that takes its time
        self._unread = False  # replies the client does not take
        self._ended = False  # the client has said its last

    def connectionMade(self) -> None:
        self.transport.registerProducer(self, True)

    def dataReceived(self, data: bytes) -> None:
        self._waiting.extend(self._reader.receive(data))
        self._serve()

    def readConnectionLost(self) -> None:
        """The client sends no more, but still reads: it gets its replies, then the end."""
        self._ended = True
        self._close_when_done()

    def writeConnectionLost(self) -> None:
        """We never close only our side."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.connected = 0
        self._waiting.clear()
        if not self._running:
            self._over()

    def pauseProducing(self) -> None:
        """The client does not take its replies: ask it nothing more."""
        self._unread = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """The client has taken its replies."""
        self._unread = False
        self._go_on()

    def stopProducing(self) -> None:
        """The connection is lost, which :meth:`connectionLost` is told too."""

    def _serve(self) -> None:
        """Run what waits; the replies of a burst go out together, which saves system calls."""
        waiting = self._waiting
        replies: list[bytes] = []
        size = 0
        while waiting and not (self._running or self._unread):
            event = waiting.popleft()
            if isinstance(event, Malformed):
                reply: Reply | Deferred[Reply] = refusal("GenericError", event.desc)
            else:
                reply = self._answer(event.value)
            if isinstance(reply, Deferred):
                self._send(replies)
                self._await(reply)
                size = 0
            elif reply is not None:
                replies.append(reply)
                size += len(reply)
                if size > _BURST:
                    self._send(replies)
                    size = 0
        self._send(replies)

    def _send(self, replies: list[bytes]) -> None:
        if replies:
            self.transport.write(replies[0] if len(replies) == 1 else b"".join(replies))
            replies.clear()

    def _write(self, reply: Reply) -> None:
        if reply is not None:
            self.transport.write(reply)

    def _await(self, reply: Deferred[Reply]) -> None:
        arrived: list[Reply] = []
        reply.addCallback(arrived.append)
        if arrived:
            self._write(arrived[0])
            return
        self._running = True
        self.transport.pauseProducing()
        reply.addCallback(lambda _: self._ran(arrived[0]))

    def _ran(self, reply: Reply) -> None:
        self._running = False
        if self.connected:
            self._write(reply)
            self._go_on()
        else:
            self._over()

    def _go_on(self) -> None:
        if self._running:
            return
        self._serve()
        if self._ended:
            self._close_when_done()
        elif not (self._running or self._unread):
            self.transport.resumeProducing()

    def _close_when_done(self) -> None:
        if not (self._waiting or self._running):
            # A producer that is paused would keep the connection open.
            self.transport.unregisterProducer()
            self.transport.loseConnection()
