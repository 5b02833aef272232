"""Connecting from a host to its guest, or from a guest to its host."""

import os
import socket
from collections.abc import Callable

from twisted.internet import error
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import (
    IProtocol,
    IProtocolFactory,
    IStreamClientEndpoint,
    IWriteDescriptor,
)
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.transports import connecting_vsock
from txqga.transports.devices import IReactorForTransport
from txqga.transports.endpoints._vsock_connection import VsockAddress, VsockConnection


@implementer(IStreamClientEndpoint)
class VsockClientEndpoint:
    """
    Connects to a port of a guest, or of the host.

    :param cid: the guest's context identifier; 2 is the host.
    :param timeout: seconds to wait at most; the kernel itself waits for two.
    """

    def __init__(
        self,
        reactor: IReactorForTransport,
        cid: int,
        port: int,
        timeout: float = 30.0,
        connecting: Callable[[int, int], socket.socket] = connecting_vsock,
    ) -> None:
        self._reactor = reactor
        self._address = VsockAddress(cid, port)
        self._timeout = timeout
        self._connecting = connecting

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        """
        Connect.

        :return: fires with the protocol; fails with a
            :class:`~twisted.internet.error.ConnectError`.
        """
        try:
            sock = self._connecting(self._address.cid, self._address.port)
        except OSError as why:
            return fail(_error(why.errno or 0))
        attempt = _Attempt(self._reactor, sock, self._address, protocolFactory)
        return attempt.done.addTimeout(self._timeout, self._reactor, _timed_out)


def _timed_out(result: IProtocol | Failure, timeout: float) -> IProtocol | Failure:
    raise error.TimeoutError


def _error(number: int) -> error.ConnectError:
    why: error.ConnectError = error.getConnectError((number, os.strerror(number)))
    return why


@implementer(IWriteDescriptor)
class _Attempt:
    """A socket that is connected, or has failed, when it can be written to."""

    def __init__(
        self,
        reactor: IReactorForTransport,
        sock: socket.socket,
        address: VsockAddress,
        factory: IProtocolFactory,
    ) -> None:
        self.done: Deferred[IProtocol] = Deferred(self._cancel)
        self._reactor = reactor
        self._socket = sock
        self._address = address
        self._factory = factory
        reactor.addWriter(self)

    def fileno(self) -> int:
        return self._socket.fileno()

    def logPrefix(self) -> str:
        return "vsock"

    def doWrite(self) -> None:
        self._reactor.removeWriter(self)
        if number := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._socket.close()
            self.done.errback(_error(number))
        else:
            self._connect()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor sees nothing but an error, or ends."""
        self.doWrite()

    def _connect(self) -> None:
        try:
            protocol = self._factory.buildProtocol(self._address)
        except Exception:
            self._socket.close()
            self.done.errback()
            return
        if protocol is None:
            self._socket.close()
            self.done.errback(error.ConnectError(string="the factory makes no protocol"))
            return
        VsockConnection(self._socket, protocol, self._reactor, self._address).start()
        self.done.callback(protocol)

    def _cancel(self, done: Deferred[IProtocol]) -> None:
        self._reactor.removeWriter(self)
        self._socket.close()
        done.errback(error.ConnectingCancelledError(self._address))
