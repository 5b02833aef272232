"""guest-fsfreeze-status: whether the agent holds the guest's filesystems still."""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.wire import JSON


class Fsfreeze:
    """
    Filesystems held still: none, since this agent cannot freeze any.

    The status is the agent's own doing, not the filesystems': what others froze does not count.
    """

    def commands(self) -> Mapping[str, Served]:
        return {"guest-fsfreeze-status": Served(self._status)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _status(self, arguments: Mapping[str, JSON]) -> JSON:
        return "thawed"
