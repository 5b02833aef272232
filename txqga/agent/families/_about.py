"""txqga-info: which txqga this is, and how much it takes at once."""

from collections.abc import Mapping, Sequence

from txqga import __version__
from txqga.agent._capture import KEPT
from txqga.agent._family import Served
from txqga.agent.families._files import LARGEST_READ
from txqga.wire import JSON, QEMU_LIMITS

#: an octet less than the limit, which counts one that is not there
_LONGEST_REQUEST = QEMU_LIMITS.octets - 1


class About:
    """
    What the agent says about itself that QEMU's does not.

    :param plugins: the names of the plug-ins that were loaded.
    """

    def __init__(self, plugins: Sequence[str] = ()) -> None:
        self._plugins = plugins

    def commands(self) -> Mapping[str, Served]:
        return {"txqga-info": Served(self._info)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _info(self, arguments: Mapping[str, JSON]) -> JSON:
        return {
            "version": __version__,
            "plugins": list(self._plugins),
            "limits": {
                "request": _LONGEST_REQUEST,
                "depth": QEMU_LIMITS.depth,
                "file-read": LARGEST_READ,
                "exec-output": KEPT,
            },
        }
