"""Events of the control interface, as they come."""

import json
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.wire import JSON

#: The longest event that is taken, in octets.
LONGEST = 1 << 20

#: Seconds without a sign of life after which a mux is given up: it gives one every fifteen.
SILENCE = 45.0


class Events(Protocol):
    """
    Reads ``text/event-stream``.

    :param told: is given the kind of each event and what it says.
    """

    def __init__(self, told: Callable[[str, JSON], object], clock: IReactorTime) -> None:
        self.ended: Deferred[None] = Deferred(lambda _: self._stop())
        self.last = ""  #: the number of the last event, as the mux has given it
        self._told = told
        self._rest = b""
        self._silence = clock.callLater(SILENCE, self._stop)

    def dataReceived(self, data: bytes) -> None:
        """Take what came."""
        if self._silence.active():
            self._silence.reset(SILENCE)
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            self._read(block)
        if len(self._rest) > LONGEST:
            self._stop()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There are no more."""
        if self._silence.active():
            self._silence.cancel()
        if not self.ended.called:
            self.ended.callback(None)

    def _read(self, block: bytes) -> None:
        fields = dict(
            line.split(b": ", 1)
            for line in block.split(b"\n")
            if b": " in line and line[:1] != b":"
        )
        if b"data" in fields:
            self.last = fields.get(b"id", b"").decode("ascii", "replace") or self.last
            kind = fields.get(b"event", b"message").decode("utf-8", "replace")
            try:
                data = json.loads(fields[b"data"])
            except ValueError:
                self._stop()  # it is no mux that says so
            else:
                self._told(kind, data)

    def _stop(self) -> None:
        if self.transport is not None:
            self.transport.loseConnection()
