"""A UNIX socket as a Twisted transport that writes at once what it can."""

import socket

from twisted.internet.address import UNIXAddress
from twisted.internet.interfaces import IProtocol, IReactorFDSet

from txqga.transports.sockets._prompt import Prompt


class UnixConnection(Prompt):
    """A connected stream socket."""

    def __init__(self, sock: socket.socket, protocol: IProtocol, reactor: IReactorFDSet) -> None:
        super().__init__(sock, protocol, reactor)
        self.logstr = self._getLogPrefix(protocol)
        self.connected = 1

    def getHost(self) -> UNIXAddress:
        return UNIXAddress(None)

    def getPeer(self) -> UNIXAddress:
        return UNIXAddress(None)
