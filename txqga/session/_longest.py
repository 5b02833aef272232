"""How long one line of a reply may become, by command."""

from collections.abc import Mapping

from txqga.wire import JSON, REPLY_LIMITS

#: room for the envelope of a file-read, or for the error that comes instead
_ENVELOPE = 4 * 1024
#: what guest-file-read reads unless told (QEMU's qga/commands.c), and the most it takes
_FILE_READ_DEFAULT = 4096
_FILE_READ_MOST = 48 * 1024 * 1024
#: two streams of 16 MiB each, base64: one line of 42.7 MiB was measured
_EXEC_STATUS = 44 * 1024 * 1024


def longest_line(command: str, arguments: Mapping[str, JSON]) -> int:
    """Say how many octets the reply's line may have at most; more is an attack, or a fault."""
    if command == "guest-file-read":
        count = arguments.get("count")
        if not isinstance(count, int) or count < 0:
            count = _FILE_READ_DEFAULT
        return (min(count, _FILE_READ_MOST) + 2) // 3 * 4 + _ENVELOPE
    if command == "guest-exec-status":
        return _EXEC_STATUS
    return REPLY_LIMITS.octets
