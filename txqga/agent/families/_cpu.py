"""guest-get-vcpus, guest-get-cpustats: the guest's processors."""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Cpu:
    """The processors that the operating system knows."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-vcpus": Served(self._vcpus),
            "guest-get-cpustats": Served(self._statistics),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _vcpus(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.cpus()

    def _statistics(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.cpu_times()
