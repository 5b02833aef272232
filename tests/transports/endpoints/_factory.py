"""A factory that writes down what happens to it."""

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure


class Recorder(Protocol):
    """Writes down what it receives, and that it was lost."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.reasons: list[Failure] = []

    def dataReceived(self, data: bytes) -> None:
        self.received.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.reasons.append(reason)


class RecorderFactory(Factory):
    """Makes protocols, or none where it was told to ``refuse``, or fails for a ``fault``."""

    def __init__(self) -> None:
        self.addresses: list[IAddress] = []
        self.protocols: list[Recorder] = []
        self.happened: list[str] = []
        self.refuse = False
        self.fault: Exception | None = None

    def doStart(self) -> None:
        self.happened.append("start")

    def doStop(self) -> None:
        self.happened.append("stop")

    def buildProtocol(self, addr: IAddress | None) -> Recorder | None:
        assert addr is not None
        self.addresses.append(addr)
        if self.fault is not None:
            raise self.fault
        if self.refuse:
            return None
        self.protocols.append(Recorder())
        return self.protocols[-1]
