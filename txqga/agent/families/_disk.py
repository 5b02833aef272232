"""guest-get-fsinfo, guest-get-disks, guest-get-diskstats: the guest's disks."""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Disk:
    """
    Disks, and the filesystems on them.

    None is *blocking*: what is asked is the kernel's memory. A disk that hangs may hang the
    question how full it is, as in ``qemu-ga``.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-fsinfo": Served(self._filesystems),
            "guest-get-disks": Served(self._disks),
            "guest-get-diskstats": Served(self._statistics),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _filesystems(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.filesystems()

    def _disks(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.disks()

    def _statistics(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.disk_activity()
