"""Serving at a device."""

import os
from errno import ENODEV, ENOENT

from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress, IListeningPort, IStreamServerEndpoint
from twisted.logger import capturedLogs
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from tests.transports.endpoints._factory import Recorder, RecorderFactory
from txqga.transports import open_virtio
from txqga.transports.devices import Device, DeviceAddress
from txqga.transports.endpoints import DeviceServerEndpoint


class DeviceServerEndpointTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.factory = RecorderFactory()
        self.there = True

    def open(self, path: str) -> int:
        if not self.there:
            raise OSError(ENOENT, "No such file or directory")
        return open_virtio(os.devnull)

    def listen(self, retry: float | None = None) -> IListeningPort:
        endpoint = DeviceServerEndpoint(self.reactor, self.open, "/dev/port", retry)
        verifyObject(IStreamServerEndpoint, endpoint)
        return self.successResultOf(endpoint.listen(self.factory))

    def device(self) -> Device:
        (device,) = self.reactor.getReaders()
        assert isinstance(device, Device)
        return device

    def unplug(self) -> None:
        self.device().connectionLost(Failure(OSError(ENODEV, "No such device")))

    def test_serves(self) -> None:
        """
        The device is served until the port is stopped.
        """
        port = self.listen()
        verifyObject(IListeningPort, port)
        self.assertEqual(port.getHost(), DeviceAddress("/dev/port"))
        self.assertEqual(self.factory.addresses, [DeviceAddress("/dev/port")])
        port.stopListening()
        self.reactor.advance(0)
        self.assertEqual(len(self.factory.protocols[0].reasons), 1)
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertEqual(self.factory.happened, ["start", "stop"])

    def test_unplugged(self) -> None:
        """
        When it has gone, it is opened again as soon as it is back.
        """
        port = self.listen()
        self.there = False
        with capturedLogs() as seen:
            self.unplug()
        self.assertEqual([event["why"] for event in seen], ["No such device"])
        self.reactor.advance(5)
        self.assertEqual(len(self.factory.protocols), 1)
        self.there = True
        self.reactor.advance(5)
        self.assertEqual(len(self.factory.protocols), 2)
        port.stopListening()
        self.reactor.advance(0)

    def test_not_there(self) -> None:
        """
        A device that is not there is told at once.
        """
        self.there = False
        endpoint = DeviceServerEndpoint(self.reactor, self.open, "/dev/port")
        failure = self.failureResultOf(endpoint.listen(self.factory), CannotListenError)
        self.assertIn("No such file or directory", str(failure.value))
        self.assertEqual(self.factory.happened, [])

    def test_not_there_yet(self) -> None:
        """
        Or it is waited for.
        """
        self.there = False
        port = self.listen(retry=0.5)
        self.reactor.advance(0.5)
        self.there = True
        self.reactor.advance(0.5)
        self.assertEqual(len(self.factory.protocols), 1)
        port.stopListening()
        self.reactor.advance(0)

    def test_no_protocol(self) -> None:
        """
        Where there is no protocol the device is closed, and opened for the next one later.
        """
        self.factory.refuse = True
        port = self.listen()
        self.assertEqual(self.reactor.getReaders(), [])
        self.factory.refuse = False
        self.reactor.advance(5)
        self.assertEqual(len(self.factory.protocols), 1)
        port.stopListening()
        self.reactor.advance(0)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_broken_factory(self) -> None:
        """
        The same if the factory fails, or what it has made.
        """
        self.factory.fault = KeyError("a bug")
        port = self.listen()
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)
        self.factory.fault = None
        build = self.factory.buildProtocol

        def broken(addr: IAddress | None) -> Recorder | None:
            protocol = build(addr)
            assert protocol is not None
            protocol.connectionMade = lambda: 1 // 0  # type: ignore[method-assign]
            return protocol

        self.factory.buildProtocol = broken  # type: ignore[method-assign]
        self.reactor.advance(5)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(self.reactor.getReaders(), [])
        self.factory.buildProtocol = build  # type: ignore[method-assign]
        self.reactor.advance(5)
        self.assertEqual(len(self.reactor.getReaders()), 1)
        port.stopListening()
        self.reactor.advance(0)
