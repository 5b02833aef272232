"""Talking through a character device, as long as it is there."""

from collections.abc import Callable

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from zope.interface import implementer

from txqga.transports.devices import Device, DeviceAddress, Edges, IReactorForTransport


@implementer(IStreamClientEndpoint)
class DeviceClientEndpoint:
    """
    Opens a device.

    That is all that connecting means here: nobody need be at the other end.

    :param open: :func:`txqga.transports.open_virtio` or :func:`txqga.transports.open_serial`.
    """

    def __init__(
        self, reactor: IReactorForTransport, open: Callable[[str], int], path: str
    ) -> None:
        self._reactor = reactor
        self._open = open
        self._address = DeviceAddress(path)

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        """
        Open the device.

        :return: fires with the protocol; fails with a
            :class:`~twisted.internet.error.ConnectError`.
        """
        try:
            edges = Edges(self._open(self._address.path))
        except OSError as why:
            return fail(ConnectError(why.errno, why.strerror or ""))
        try:
            protocol = protocolFactory.buildProtocol(self._address)
        except Exception:
            edges.close()
            return fail()
        if protocol is None:
            edges.close()
            return fail(ConnectError(string="the factory makes no protocol"))
        Device(self._reactor, edges, protocol, self._address).start()
        return succeed(protocol)
