"""guest-get-host-name, guest-get-osinfo, guest-get-load: the guest as a whole."""

import socket
from collections.abc import Callable, Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Host:
    """
    What the guest is called, what it runs, and how busy it is.

    :param name: asks the kernel; a name is not looked up, and may be changed at any time.
    """

    def __init__(self, platform: Platform, name: Callable[[], str] = socket.gethostname) -> None:
        self._platform = platform
        self._name = name

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-host-name": Served(self._host_name),
            "guest-get-osinfo": Served(self._os_info),
            "guest-get-load": Served(self._load),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _host_name(self, arguments: Mapping[str, JSON]) -> JSON:
        return {"host-name": self._name()}

    def _os_info(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.os_info()

    def _load(self, arguments: Mapping[str, JSON]) -> JSON:
        one, five, fifteen = self._platform.load()
        return {"load1m": one, "load5m": five, "load15m": fifteen}
