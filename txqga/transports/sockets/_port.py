"""What Twisted's listening port makes of the connections that it accepts."""

import socket
from typing import Any

from twisted.internet.interfaces import IListeningPort, IProtocol, IReactorFDSet
from twisted.internet.unix import Port

from txqga.transports.sockets._connection import UnixConnection


def prompt(port: IListeningPort) -> IListeningPort:
    """
    Let what this port accepts from now on be a :class:`UnixConnection`.

    :param port: what ``listenUNIX`` returned; another reactor's own kind is left as it is.
    """
    if isinstance(port, Port):
        port.transport = _accepted  # type: ignore[assignment]
    return port


def _accepted(
    sock: socket.socket,
    protocol: IProtocol,
    address: Any,
    port: Port,
    number: int,
    reactor: IReactorFDSet,
) -> UnixConnection:
    connection = UnixConnection(sock, protocol, reactor)
    connection.startReading()  # type: ignore[no-untyped-call]
    return connection
