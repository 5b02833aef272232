"""A connection between host and guest."""

import socket

from attrs import frozen
from twisted.internet.interfaces import IAddress, IProtocol, IReactorFDSet
from twisted.internet.tcp import Connection
from zope.interface import implementer


@implementer(IAddress)
@frozen
class VsockAddress:
    """One end of a connection between host and guest."""

    cid: int  #: context identifier: 2 is the host, a guest's is what the host gave it
    port: int


class VsockConnection(Connection):
    """A connected socket."""

    def __init__(
        self,
        sock: socket.socket,
        protocol: IProtocol,
        reactor: IReactorFDSet,
        peer: VsockAddress,
    ) -> None:
        super().__init__(sock, protocol, reactor)
        self._host = VsockAddress(*sock.getsockname())
        self._peer = peer
        self.logstr = self._getLogPrefix(protocol)

    def start(self) -> None:
        """Connect the protocol, and read."""
        self.connected = 1
        self.protocol.makeConnection(self)
        if not self.disconnecting:
            self.startReading()  # type: ignore[no-untyped-call]

    def getHost(self) -> VsockAddress:
        return self._host

    def getPeer(self) -> VsockAddress:
        return self._peer
