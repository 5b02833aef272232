"""Talking through a device."""

import os
from pathlib import Path

from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from tests.transports.endpoints._factory import RecorderFactory
from txqga.transports import open_virtio
from txqga.transports.devices import Device, DeviceAddress
from txqga.transports.endpoints import DeviceClientEndpoint


class DeviceClientEndpointTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.factory = RecorderFactory()

    def endpoint(self, path: str) -> DeviceClientEndpoint:
        return DeviceClientEndpoint(self.reactor, open_virtio, path)

    def test_connects(self) -> None:
        """
        Connecting is opening: the protocol is there at once, with nobody at the other end.
        """
        endpoint = self.endpoint(os.devnull)
        verifyObject(IStreamClientEndpoint, endpoint)
        protocol = self.successResultOf(endpoint.connect(self.factory))
        self.assertEqual(self.factory.protocols, [protocol])
        self.assertEqual(self.factory.addresses, [DeviceAddress(os.devnull)])
        (device,) = self.reactor.getReaders()
        assert isinstance(device, Device)
        device.abortConnection()
        self.reactor.advance(0)
        self.assertEqual(len(self.factory.protocols[0].reasons), 1)

    def test_cannot_open(self) -> None:
        """
        A device that cannot be opened is told.
        """
        connecting = self.endpoint("/nonexistent/port").connect(self.factory)
        failure = self.failureResultOf(connecting, ConnectError)
        self.assertIn("No such file or directory", str(failure.value))

    def test_no_protocol(self) -> None:
        """
        A factory that makes no protocol wants no device.
        """
        self.factory.refuse = True
        connecting = self.endpoint(os.devnull).connect(self.factory)
        self.failureResultOf(connecting, ConnectError)
        self.assertEqual(self.reactor.getReaders(), [])

    def test_broken_factory(self) -> None:
        """
        A factory that fails is no reason to leave a device open.
        """
        self.factory.fault = KeyError("a bug")
        before = len(list(Path("/proc/self/fd").iterdir()))
        connecting = self.endpoint(os.devnull).connect(self.factory)
        self.failureResultOf(connecting, KeyError)
        self.assertEqual(len(list(Path("/proc/self/fd").iterdir())), before)
