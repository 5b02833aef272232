"""guest-get-host-name: what the guest calls itself."""

import socket
from collections.abc import Callable, Mapping

from txqga.agent._family import Served
from txqga.wire import JSON


class Host:
    """
    The guest's name.

    :param name: asks the kernel; a name is not looked up, and may be changed at any time.
    """

    def __init__(self, name: Callable[[], str] = socket.gethostname) -> None:
        self._name = name

    def commands(self) -> Mapping[str, Served]:
        return {"guest-get-host-name": Served(self._host_name)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _host_name(self, arguments: Mapping[str, JSON]) -> JSON:
        return {"host-name": self._name()}
