"""
What a client has not read yet.

The transport is given a little at a time, so that what waits can be counted: a client that does
not read is not read from, and is cut off when it makes too much wait.
"""

from collections import deque
from collections.abc import Callable

from twisted.internet.interfaces import IPushProducer, ITransport
from zope.interface import implementer

from txqga.transports.sockets import Prompt

#: Octets that may be waiting when a further reply comes: one ``guest-file-read`` of 48 MiB in
#: base64. A single reply always finds room.
UNSENT = 64 << 20

#: Octets handed to the transport at a time, which sends them in steps as large as the socket's
#: buffer; it asks for a pause above 64 KiB.
PIECE = 1 << 20


@implementer(IPushProducer)
class Outbox:
    """What a client has not read yet."""

    def __init__(
        self,
        transport: ITransport,
        slow: Callable[[bool], None],
        overflow: Callable[[int], None],
    ) -> None:
        """
        :param slow: told True when the client stops to read, and False when it goes on.
        :param overflow: told how much waits when it is too much; nothing more is written then.
        """
        self._transport = transport
        self._is_prompt = isinstance(transport, Prompt)
        self._slow = slow
        self._overflow = overflow
        self._waiting: deque[memoryview] = deque()
        self._octets = 0
        self._is_paused = False  #: by the transport
        self._is_slow = False  #: as we have said
        self._is_closing = False

    @property
    def unsent(self) -> int:
        """Octets that wait, not counting a little that the transport holds."""
        return self._octets

    def write(self, line: bytes) -> None:
        """Send ``line``, when the client has read what is before it."""
        if self._octets < UNSENT:
            self._waiting.append(memoryview(line))
            self._octets += len(line)
            self._pump()
        elif self._waiting:
            self._waiting.clear()
            self._overflow(self._octets)

    def close(self) -> None:
        """End the connection, when the client has read everything."""
        self._is_closing = True
        self._pump()

    def pauseProducing(self) -> None:
        """The transport has enough for now."""
        self._is_paused = True
        if not self._is_slow:
            self._is_slow = True
            self._slow(True)

    def resumeProducing(self) -> None:
        """The transport takes more."""
        self._is_paused = False
        self._pump()
        if self._is_slow and not self._is_paused:
            self._is_slow = False
            self._slow(False)

    def stopProducing(self) -> None:
        """The connection is gone."""
        self._waiting.clear()

    def _pump(self) -> None:
        while self._waiting and not self._is_paused:
            piece = self._waiting.popleft()
            if len(piece) > PIECE:
                self._waiting.appendleft(piece[PIECE:])
                piece = piece[:PIECE]
            self._octets -= len(piece)
            # what keeps it whole and as it is need not have a copy
            self._transport.write(piece if self._is_prompt else bytes(piece))  # type: ignore[arg-type]
        if self._is_closing and not self._waiting:
            self._transport.unregisterProducer()  # type: ignore[attr-defined]
            self._transport.loseConnection()
