"""guest-network-get-interfaces, guest-network-get-route: the guest's network."""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Network:
    """Interfaces and routes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-network-get-interfaces": Served(self._interfaces),
            "guest-network-get-route": Served(self._routes),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _interfaces(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.interfaces()

    def _routes(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.routes()
