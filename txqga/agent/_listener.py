"""
Serves the clients of a listening socket, one after the other.

A second client is not accepted until the first has gone: it waits in the kernel's queue, in the
order of arrival. Twisted's own listening port accepts all that come, and sets up lock files.
"""

import socket
from collections.abc import Callable

from twisted.internet.interfaces import IProtocol, IReadDescriptor
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.transports.devices import IReactorForTransport
from txqga.transports.sockets import UnixConnection


class IReactorForListener(IReactorForTransport):
    """What a :class:`Listener` asks of the reactor."""


@implementer(IReadDescriptor)
class Listener:
    """
    Accepts a client, waits until it is served, accepts the next.

    :param listening: does not block.
    :param serve: makes the protocol for a client; calls what it is given when that is served.
    :param retry: seconds to wait when a client cannot be accepted, for want of descriptors say.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorForListener,
        listening: socket.socket,
        serve: Callable[[Callable[[], None]], IProtocol],
        retry: float = 1.0,
    ) -> None:
        self._reactor = reactor
        self._listening = listening
        self._serve = serve
        self._retry = retry

    def start(self) -> None:
        """Accept the next client."""
        if self._listening.fileno() >= 0:
            self._reactor.addReader(self)

    def stop(self) -> None:
        """Accept nobody any more; the file stays, as qemu-ga's does."""
        self._reactor.removeReader(self)
        self._listening.close()

    def fileno(self) -> int:
        return self._listening.fileno()

    def logPrefix(self) -> str:
        return "unix-listen"

    def doRead(self) -> None:
        try:
            client, _ = self._listening.accept()
        except BlockingIOError:
            return
        except OSError as why:
            self._log.warn("cannot accept a client: {why}", why=why.strerror)
            self._reactor.removeReader(self)
            self._reactor.callLater(self._retry, self.start)
            return
        self._reactor.removeReader(self)
        protocol = self._serve(self.start)
        connection = UnixConnection(client, protocol, self._reactor)
        protocol.makeConnection(connection)
        connection.startReading()  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure) -> None:
        """The reactor stops."""
        self._listening.close()
