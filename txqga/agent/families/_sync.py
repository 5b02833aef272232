"""guest-sync, guest-sync-delimited, guest-ping: whether anybody is there, and in step."""

from collections.abc import Mapping

from txqga.agent._family import Encoded, Served
from txqga.wire import JSON

_NOTHING = Encoded(b"{}")


class Sync:
    """What a client asks before anything else."""

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-sync-delimited": Served(_same, sentinel=True),
            "guest-sync": Served(_same),
            "guest-ping": Served(_ping),
        }

    def close(self) -> None:
        """There is nothing to let go of."""


def _same(arguments: Mapping[str, JSON]) -> JSON:
    return arguments["id"]


def _ping(arguments: Mapping[str, JSON]) -> Encoded:
    return _NOTHING
