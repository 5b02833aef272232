"""guest-get-fsinfo, guest-get-disks, guest-get-diskstats, guest-fstrim: the guest's disks."""

from collections.abc import Mapping

from twisted.logger import Logger

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Disk:
    """
    Disks, and the filesystems on them.

    What asks a disk is *blocking*: a full one is trimmed for minutes, and one that hangs may hang
    the questions how full it is and how well. The way through the thread is a tenth of their time.
    """

    _log = Logger()

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-fsinfo": Served(self._filesystems, blocking=True),
            "guest-get-disks": Served(self._disks, blocking=True),
            "guest-get-diskstats": Served(self._statistics),
            "guest-fstrim": Served(self._trim, blocking=True),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _filesystems(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.filesystems()

    def _disks(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.disks()

    def _statistics(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.disk_activity()

    def _trim(self, arguments: Mapping[str, JSON]) -> JSON:
        self._log.info("guest-fstrim called")
        return self._platform.trim(arguments.get("minimum", 0))
