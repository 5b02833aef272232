"""
A character device as a Twisted transport: a virtio-serial port, or a serial line.

Twisted's own reading would close a port that has no host. Here that is no event at all, except
that what is written waits. The host may even go and come back so quickly that nothing of it is
seen. So nothing is reset when it goes: who is at the other end now, only the conversation can tell.
"""

from collections.abc import Callable

from attrs import frozen
from twisted.internet.abstract import FileDescriptor
from twisted.internet.error import ConnectionAborted
from twisted.internet.interfaces import IAddress, IProtocol, IReactorFDSet, IReactorTime
from twisted.internet.main import CONNECTION_DONE
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.transports.devices._edges import BROKEN, PROMPT, Edges

_TURN = 1 << 16  #: octets to read before the reactor has a look at others
_WRITE = 1 << 20  #: octets to write before it has

#: A longer reply does not fit at once: cutting it would copy the rest.
_AT_ONCE = 1 << 16


class IReactorForTransport(IReactorFDSet, IReactorTime):
    """What the transports of this package ask of the reactor."""


@implementer(IAddress)
@frozen
class DeviceAddress:
    """Where a device is."""

    path: str


class Device(FileDescriptor):
    """
    An open character device.

    It is lost when it is unplugged (for an :class:`OSError`) or, as a terminal is, hung up (for
    :class:`~twisted.internet.error.ConnectionDone`). That nobody is at the other end is neither:
    what was written waits, and goes to whoever comes. ``loseConnection`` waits for that too;
    ``abortConnection`` does not.

    :param edges: the open device; closed with this.
    :param lost: called when it is lost, after the protocol.
    """

    def __init__(
        self,
        reactor: IReactorForTransport,
        edges: Edges,
        protocol: IProtocol,
        address: DeviceAddress,
        lost: Callable[[Failure], object] = lambda reason: None,
    ) -> None:
        super().__init__(reactor)
        self.reason: Failure | None = None  #: why it was lost
        self._clock: IReactorTime = reactor
        self._edges = edges
        self._protocol = protocol
        self._address = address
        self._lost = lost
        self._reading = False
        self._writing = False
        self._full = False  # the device took less than it was given

    def start(self) -> None:
        """Connect the protocol."""
        self.connected = 1
        self._reading = True
        self.reactor.addReader(self)
        self._protocol.makeConnection(self)

    def fileno(self) -> int:
        return self._edges.fileno()

    def logPrefix(self) -> str:
        return self._getLogPrefix(self._protocol)

    def getHost(self) -> DeviceAddress:
        return self._address

    def getPeer(self) -> DeviceAddress:
        return self._address

    # What the reactor does: one wake for all that has changed.

    def doRead(self) -> Exception | None:
        events = self._edges.changed()
        why = None
        if self._writing and events & PROMPT:
            why = self.doWrite()
        if why is None and self._reading and events:
            why = self._read(events)
        elif why is None and events & BROKEN:
            why = CONNECTION_DONE
        return why

    def doWrite(self) -> Exception | None:
        why: Exception | None = super().doWrite()  # type: ignore[no-untyped-call]
        if why is None and self._writing and not self._full:
            self._edges.look_again()
        return why

    def _read(self, events: int) -> Exception | None:
        """Read until there is no more, which edges ask for, or for a turn."""
        why: Exception | None = None
        chunks: list[bytes] = []
        size = 0
        try:
            while size < _TURN:
                chunk = self._edges.read(_TURN)
                if not chunk:
                    why = CONNECTION_DONE if events & BROKEN else None
                    break
                chunks.append(chunk)
                size += len(chunk)
            else:
                self._edges.look_again()
        except BlockingIOError:
            pass
        except OSError as error:
            why = error
        if chunks:
            self._protocol.dataReceived(chunks[0] if len(chunks) == 1 else b"".join(chunks))
        return why

    def writeSomeData(self, data: bytes) -> int | Exception:
        rest = memoryview(data)[:_WRITE]
        sent = 0
        self._full = False
        try:
            while sent < len(rest):
                sent += self._edges.write(rest[sent:])
        except BlockingIOError:
            self._full = True
        except OSError as why:
            return sent or why  # what went out went out; the error is met again
        return sent

    # What the protocol does.

    def startReading(self) -> None:
        self._reading = True
        self._edges.look_again()

    def stopReading(self) -> None:
        self._reading = False

    def startWriting(self) -> None:
        self._writing = True
        if not self._full:
            self._edges.look_again()

    def stopWriting(self) -> None:
        self._writing = False

    def write(self, data: bytes) -> None:
        # A producer that waits to be asked is asked when the reactor has written.
        asks = self.producer is not None and not self.streamingProducer
        if self.connected and not (self._writing or asks) and len(data) <= _AT_ONCE:
            sent = self.writeSomeData(data)
            # An error is met again, and dealt with, when the reactor writes.
            if isinstance(sent, int):
                data = data[sent:]
        if data:
            super().write(data)

    def loseConnection(self) -> None:
        super().loseConnection()  # type: ignore[no-untyped-call]
        if self.disconnecting and not (self.dataBuffer or self._tempDataLen or self.producer):
            # No wake would come of itself where nobody is at the other end.
            self._clock.callLater(0, self.connectionLost, Failure(CONNECTION_DONE))

    def abortConnection(self) -> None:
        """Close it very soon, whatever waits to be written."""
        self.stopReading()
        self.stopWriting()
        self._clock.callLater(0, self.connectionLost, Failure(ConnectionAborted()))

    def connectionLost(self, reason: Failure) -> None:
        if self.disconnected:
            return
        self.reason = reason
        self.reactor.removeReader(self)
        super().connectionLost(reason)  # type: ignore[no-untyped-call]
        self._edges.close()
        try:
            self._protocol.connectionLost(reason)
        finally:
            self._lost(reason)
