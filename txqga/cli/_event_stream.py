"""Events of the control interface, as they come."""

import json
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.wire import JSON

#: The longest event that is taken, in octets.
LONGEST = 1 << 20


class Events(Protocol):
    """
    Reads ``text/event-stream``.

    :param told: is given the kind of each event and what it says.
    """

    def __init__(self, told: Callable[[str, JSON], object]) -> None:
        self.ended: Deferred[None] = Deferred(lambda _: self._stop())
        self._told = told
        self._rest = b""

    def dataReceived(self, data: bytes) -> None:
        """Take what came."""
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            self._read(block)
        if len(self._rest) > LONGEST:
            self._stop()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There are no more."""
        if not self.ended.called:
            self.ended.callback(None)

    def _read(self, block: bytes) -> None:
        fields = dict(
            line.split(b": ", 1)
            for line in block.split(b"\n")
            if b": " in line and line[:1] != b":"
        )
        if b"data" in fields:
            kind = fields.get(b"event", b"message").decode("utf-8", "replace")
            self._told(kind, json.loads(fields[b"data"]))

    def _stop(self) -> None:
        if self.transport is not None:
            self.transport.loseConnection()
