"""In which lane a command waits for its turn."""

from collections.abc import Mapping
from enum import IntEnum

from txqga.wire import JSON


class Lane(IntEnum):
    """What may overtake what: the smaller number goes first."""

    THAW = 0  #: a guest left frozen hangs its workload
    STATUS = 1  #: how is the agent: answered in no time
    INTERACTIVE = 2  #: somebody waits for it
    BULK = 3  #: a piece of a transfer, which takes the agent a while
    POLLS = 4  #: asked by nobody in particular


#: Octets of file contents from which a read or write is a piece of a transfer: four times what a
#: read takes when nobody says how much.
BULK_OCTETS = 16 << 10

_STATUS = frozenset(
    {
        "guest-sync",
        "guest-sync-delimited",
        "guest-ping",
        "guest-info",
        "guest-fsfreeze-status",
        "txqga-freeze-lease",
    }
)


def lane(command: str, arguments: Mapping[str, JSON]) -> Lane:
    """
    Choose the lane of a command.

    ``guest-exec-status`` brings up to 32 MiB of output, and nobody knows beforehand: bulk.

    :param arguments: as the client sent them, not checked.
    """
    if command == "guest-fsfreeze-thaw":
        return Lane.THAW
    if command in _STATUS:
        return Lane.STATUS
    if command == "guest-exec-status" or _contents(command, arguments) > BULK_OCTETS:
        return Lane.BULK
    return Lane.INTERACTIVE


def _contents(command: str, arguments: Mapping[str, JSON]) -> int:
    """How many octets of a file or of a stream the command moves; 0 if it moves none."""
    if command in ("guest-file-read", "txqga-exec-read"):
        count = arguments.get("count")
        return count if isinstance(count, int) else 0
    if command in ("guest-file-write", "txqga-exec-write"):
        encoded = arguments.get("buf-b64")
        return len(encoded) * 3 // 4 if isinstance(encoded, str) else 0
    return 0
