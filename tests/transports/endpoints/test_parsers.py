"""What endpoint descriptions mean."""

import os
from typing import Any

from twisted.internet.endpoints import clientFromString, serverFromString
from twisted.internet.interfaces import (
    IStreamClientEndpointStringParserWithReactor,
    IStreamServerEndpointStringParser,
)
from twisted.plugin import IPlugin
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from txqga.transports import ANY_CID, open_serial, open_virtio
from txqga.transports.endpoints import (
    DeviceClientEndpoint,
    DeviceParser,
    DeviceServerEndpoint,
    VsockAddress,
    VsockClientEndpoint,
    VsockParser,
    VsockServerEndpoint,
)


class ParserTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()

    def client(self, description: str) -> Any:
        return clientFromString(self.reactor, description)

    def server(self, description: str) -> Any:
        return serverFromString(self.reactor, description)

    def test_interfaces(self) -> None:
        """
        Twisted finds them, for clients and for servers.
        """
        for parser in (VsockParser(), DeviceParser("virtio", open_virtio)):
            for interface in (
                IPlugin,
                IStreamClientEndpointStringParserWithReactor,
                IStreamServerEndpointStringParser,
            ):
                verifyObject(interface, parser)

    def test_vsock(self) -> None:
        """
        ``vsock:CID:PORT`` is a socket between host and guest.
        """
        client = self.client("vsock:3:1024:timeout=2.5")
        assert isinstance(client, VsockClientEndpoint)
        self.assertEqual((client._address, client._timeout), (VsockAddress(3, 1024), 2.5))
        server = self.server("vsock:4294967295:1024:backlog=3")
        assert isinstance(server, VsockServerEndpoint)
        self.assertEqual((server._cid, server._port, server._backlog), (ANY_CID, 1024, 3))

    def test_not_vsock(self) -> None:
        """
        What is no such address is told.
        """
        for description in ("vsock:3:x", "vsock:host:1024", "vsock:3:99999999999"):
            self.assertRaises(ValueError, self.client, description)
            self.assertRaises(ValueError, self.server, description)
        self.assertRaises(TypeError, self.client, "vsock:3")

    def test_devices(self) -> None:
        """
        ``virtio:PATH`` is a port, and ``serial:PATH`` a line.
        """
        for prefix, opens in (("virtio", open_virtio), ("serial", open_serial)):
            client = self.client(f"{prefix}:{os.devnull}")
            assert isinstance(client, DeviceClientEndpoint)
            self.assertEqual((client._open, client._address.path), (opens, os.devnull))
            server = self.server(f"{prefix}:{os.devnull}")
            assert isinstance(server, DeviceServerEndpoint)
            self.assertEqual((server._open, server._path), (opens, os.devnull))
            self.assertIsNone(server._retry)

    def test_retry(self) -> None:
        """
        A server may wait for its device; a loop without a pause it may not.
        """
        self.assertEqual(self.server("virtio:/dev/vport0p1:retry=2.5")._retry, 2.5)
        for retry in ("0", "-1", "x", "nan"):
            self.assertRaises(ValueError, self.server, f"virtio:/dev/vport0p1:retry={retry}")
