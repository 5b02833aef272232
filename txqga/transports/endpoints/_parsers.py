"""What ``clientFromString`` and ``serverFromString`` find by name."""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import (
    IStreamClientEndpointStringParserWithReactor,
    IStreamServerEndpointStringParser,
)
from twisted.plugin import IPlugin
from zope.interface import implementer

from txqga.transports import parse_vsock
from txqga.transports.endpoints._device_client import DeviceClientEndpoint
from txqga.transports.endpoints._device_server import DeviceServerEndpoint
from txqga.transports.endpoints._vsock_client import VsockClientEndpoint
from txqga.transports.endpoints._vsock_server import VsockServerEndpoint

_BOTH = (IPlugin, IStreamClientEndpointStringParserWithReactor, IStreamServerEndpointStringParser)


@implementer(*_BOTH)
class VsockParser:
    """Knows ``vsock:CID:PORT``."""

    prefix = "vsock"

    def parseStreamClient(self, reactor: Any, *words: Any, **named: Any) -> VsockClientEndpoint:
        """Return the endpoint that the words mean. :raise ValueError: they mean none."""
        return self._client(reactor, *words, **named)

    def parseStreamServer(self, reactor: Any, *words: Any, **named: Any) -> VsockServerEndpoint:
        """Return the endpoint that the words mean. :raise ValueError: they mean none."""
        return self._server(reactor, *words, **named)

    def _client(
        self, reactor: Any, cid: str, port: str, timeout: str = "30"
    ) -> VsockClientEndpoint:
        return VsockClientEndpoint(reactor, *parse_vsock(f"{cid}:{port}"), timeout=float(timeout))

    def _server(
        self, reactor: Any, cid: str, port: str, backlog: str = "50"
    ) -> VsockServerEndpoint:
        return VsockServerEndpoint(reactor, *parse_vsock(f"{cid}:{port}"), backlog=int(backlog))


@implementer(*_BOTH)
class DeviceParser:
    """
    Knows ``prefix:PATH``.

    :param open: opens such a device.
    """

    def __init__(self, prefix: str, open: Callable[[str], int]) -> None:
        self.prefix = prefix
        self._open = open

    def parseStreamClient(self, reactor: Any, *words: Any, **named: Any) -> DeviceClientEndpoint:
        """Return the endpoint that the words mean."""
        return DeviceClientEndpoint(reactor, self._open, *words, **named)

    def parseStreamServer(self, reactor: Any, *words: Any, **named: Any) -> DeviceServerEndpoint:
        """Return the endpoint that the words mean. :raise ValueError: they mean none."""
        return self._server(reactor, *words, **named)

    def _server(self, reactor: Any, path: str, retry: str | None = None) -> DeviceServerEndpoint:
        seconds = None if retry is None else float(retry)
        if seconds is not None and not seconds > 0:
            raise ValueError(f"retry={retry}: not a number of seconds above 0")
        return DeviceServerEndpoint(reactor, self._open, path, seconds)
