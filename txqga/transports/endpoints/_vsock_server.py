"""Listening for the host, or for guests."""

import socket
from collections.abc import Callable

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IReadDescriptor,
    IStreamServerEndpoint,
)
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.transports import listening_vsock
from txqga.transports.devices import IReactorForTransport
from txqga.transports.endpoints._vsock_connection import VsockAddress, VsockConnection

_TURN = 16  #: clients to accept before the reactor has a look at others


@implementer(IStreamServerEndpoint)
class VsockServerEndpoint:
    """
    Listens on a port.

    :param cid: our own, or :data:`txqga.transports.ANY_CID`.
    :param backlog: how many clients may wait to be accepted.
    """

    def __init__(
        self,
        reactor: IReactorForTransport,
        cid: int,
        port: int,
        backlog: int = 50,
        listening: Callable[[int, int, int], socket.socket] = listening_vsock,
    ) -> None:
        self._reactor = reactor
        self._cid = cid
        self._port = port
        self._backlog = backlog
        self._listening = listening

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """
        Listen.

        :return: fires with the port; fails with a
            :class:`~twisted.internet.error.CannotListenError`.
        """
        try:
            listening = self._listening(self._cid, self._port, self._backlog)
        except OSError as why:
            return fail(CannotListenError(self._cid, self._port, why))
        port = VsockPort(self._reactor, listening, protocolFactory)
        port.startListening()
        return succeed(port)


@implementer(IListeningPort, IReadDescriptor)
class VsockPort:
    """
    A listening socket.

    :param retry: seconds to wait when a client cannot be accepted, for want of descriptors say.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorForTransport,
        listening: socket.socket,
        factory: IProtocolFactory,
        retry: float = 1.0,
    ) -> None:
        self._reactor = reactor
        self._socket = listening
        self._factory = factory
        self._retry = retry
        self._host = VsockAddress(*listening.getsockname())

    def startListening(self) -> None:
        """Accept clients, from now on."""
        self._factory.doStart()
        self._resume()

    def stopListening(self) -> Deferred[None]:
        """Accept nobody any more; who is connected stays so."""
        self._close()
        return succeed(None)

    def getHost(self) -> VsockAddress:
        return self._host

    def fileno(self) -> int:
        return self._socket.fileno()

    def logPrefix(self) -> str:
        return "vsock"

    def doRead(self) -> None:
        for _ in range(_TURN):
            try:
                client, name = self._socket.accept()
            except BlockingIOError:
                return
            except OSError as why:
                self._log.warn("cannot accept a client: {why}", why=why.strerror)
                self._reactor.removeReader(self)
                self._reactor.callLater(self._retry, self._resume)
                return
            self._serve(client, VsockAddress(*name))
            if self._socket.fileno() < 0:
                return

    def _serve(self, client: socket.socket, peer: VsockAddress) -> None:
        try:
            protocol = self._factory.buildProtocol(peer)
            if protocol is None:
                client.close()
            else:
                VsockConnection(client, protocol, self._reactor, peer).start()
        except Exception:
            self._log.failure("a client cannot be served")
            client.close()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor ends."""
        self._close()

    def _resume(self) -> None:
        if self._socket.fileno() >= 0:
            self._reactor.addReader(self)

    def _close(self) -> None:
        if self._socket.fileno() >= 0:
            self._reactor.removeReader(self)
            self._socket.close()
            self._factory.doStop()
