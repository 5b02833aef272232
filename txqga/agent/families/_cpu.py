"""guest-get-vcpus, guest-set-vcpus, guest-get-cpustats: the guest's processors. Facts 7."""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.errors import CommandFailed
from txqga.wire import JSON


class Cpu:
    """The processors that the operating system knows."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-vcpus": Served(self._vcpus),
            "guest-set-vcpus": Served(self._set, blocking=True),
            "guest-get-cpustats": Served(self._statistics),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _vcpus(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.cpus()

    def _set(self, arguments: Mapping[str, JSON]) -> JSON:
        """Return how many are as they should be, up to the first that cannot."""
        for number, cpu in enumerate(arguments["vcpus"]):
            try:
                self._platform.set_cpu(cpu["logical-id"], online=cpu["online"])
            except CommandFailed:
                if number == 0:
                    raise
                return number
        return len(arguments["vcpus"])

    def _statistics(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.cpu_times()
