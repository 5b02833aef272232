"""What Twisted's client endpoint makes of the UNIX sockets that it connects to."""

from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.posixbase import PosixReactorBase
from twisted.internet.protocol import ClientFactory
from twisted.internet.tcp import Connection
from twisted.internet.unix import Client, Connector

from txqga.transports.sockets._prompt import Prompt


class UnixClient(Prompt, Client):
    """A connection to a UNIX socket, for octets: descriptors that come along are not taken."""

    #: Octets: more than a socket holds, as Linux has it by default, so one read empties it.
    bufferSize = 1 << 18

    writeSomeData = Connection.writeSomeData
    doRead = Connection.doRead  # type: ignore[assignment]


class _Connector(Connector):
    def _makeTransport(self) -> UnixClient:  # type: ignore[override]
        return UnixClient(self.address, self, self.reactor, self.checkPID)  # type: ignore[no-untyped-call]


class _Connecting:
    """As much of a reactor as an endpoint asks."""

    def __init__(self, reactor: PosixReactorBase) -> None:
        self._reactor = reactor

    def connectUNIX(
        self, address: str, factory: ClientFactory, timeout: float = 30, checkPID: int = 0
    ) -> Connector:
        connector = _Connector(address, factory, timeout, self._reactor, checkPID)  # type: ignore[no-untyped-call]
        connector.connect()
        return connector


def prompt_client(endpoint: IStreamClientEndpoint) -> IStreamClientEndpoint:
    """
    Let what this endpoint connects from now on be a :class:`UnixClient`.

    :param endpoint: as ``clientFromString`` makes one; other kinds, and those of other reactors
        than Twisted's own, are left as they are.
    """
    if isinstance(endpoint, UNIXClientEndpoint):
        reactor = endpoint._reactor
        if isinstance(reactor, PosixReactorBase):
            endpoint._reactor = _Connecting(reactor)
    return endpoint
