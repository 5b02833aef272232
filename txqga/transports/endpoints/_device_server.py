"""Serving whoever is at the other end of a character device, whatever happens to it."""

from collections.abc import Callable

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IProtocolFactory, IStreamServerEndpoint
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.transports.devices import (
    PAUSE,
    Device,
    DeviceAddress,
    Edges,
    IReactorForTransport,
    Reopening,
    Unopened,
)


@implementer(IStreamServerEndpoint)
class DeviceServerEndpoint:
    """
    Opens a device, and opens it again whenever it has gone: a protocol for each time.

    One protocol may talk to many hosts, one after the other, as nothing tells them apart.

    :param open: :func:`txqga.transports.open_virtio` or :func:`txqga.transports.open_serial`.
    :param retry: seconds between two attempts; none: five, and the first attempt must succeed.
    """

    def __init__(
        self,
        reactor: IReactorForTransport,
        open: Callable[[str], int],
        path: str,
        retry: float | None = None,
    ) -> None:
        self._reactor = reactor
        self._open = open
        self._path = path
        self._retry = retry

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """
        Open the device, for as long as the port is not stopped.

        :return: fires with the port; fails with a
            :class:`~twisted.internet.error.CannotListenError`.
        """
        descriptor = None
        if self._retry is None:
            try:
                descriptor = self._open(self._path)
            except OSError as why:
                return fail(CannotListenError(self._path, None, why))
        port = DevicePort(
            self._reactor,
            lambda: self._open(self._path),
            DeviceAddress(self._path),
            protocolFactory,
            PAUSE if self._retry is None else self._retry,
            descriptor,
        )
        port.startListening()
        return succeed(port)


@implementer(IListeningPort)
class DevicePort:
    """
    A device that is kept open.

    :param descriptor: what is open already.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorForTransport,
        open: Callable[[], int],
        address: DeviceAddress,
        factory: IProtocolFactory,
        pause: float,
        descriptor: int | None,
    ) -> None:
        self._reactor = reactor
        self._open = open
        self._address = address
        self._factory = factory
        self._descriptor = descriptor
        self._reopening = Reopening(
            reactor,
            open=self._try_to_open,
            serve=self._serve,
            watcher=self,
            persistent=True,
            pause=pause,
        )

    def startListening(self) -> None:
        """Serve, from now on."""
        self._factory.doStart()
        self._reopening.start()

    def stopListening(self) -> Deferred[None]:
        """Serve nobody any more: unlike a socket, an open device is closed."""
        self._reopening.stop()
        self._factory.doStop()
        return succeed(None)

    def getHost(self) -> DeviceAddress:
        return self._address

    def _try_to_open(self) -> Edges | Unopened:
        descriptor, self._descriptor = self._descriptor, None
        try:
            return Edges(self._open() if descriptor is None else descriptor)
        except OSError as why:
            return Unopened(why.strerror or str(why))

    def _serve(self, edges: Edges, lost: Callable[[Failure], None]) -> Callable[[], None]:
        device = None
        try:
            protocol = self._factory.buildProtocol(self._address)
            if protocol is not None:
                device = Device(self._reactor, edges, protocol, self._address, lost)
                device.start()
                return device.abortConnection
            why = Failure(ConnectionRefusedError("the factory makes no protocol"))
        except Exception:
            self._log.failure("{path}: cannot be served", path=self._address.path)
            why = Failure()
        if device is None:
            edges.close()
            lost(why)
        else:
            device.connectionLost(why)
        return lambda: None

    # What becomes of it.

    def opened(self) -> None:
        self._log.info("{path}: open", path=self._address.path)

    def failed(self, why: str) -> None:
        self._log.debug("{path}: {why}", path=self._address.path, why=why)

    def lost(self, why: str) -> None:
        self._log.warn("{path}: lost: {why}", path=self._address.path, why=why)

    def waits(self) -> None:
        """Whether it is tried again is no question here."""

    def given_up(self) -> None:
        """That does not happen here."""
