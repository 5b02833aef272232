"""guest-get-statvfs: how full a filesystem is."""

import os

from txqga.agent.plugins import blocking, failing, octets
from txqga.wire import JSON

MEMBERS = (
    "f_bsize",
    "f_frsize",
    "f_blocks",
    "f_bfree",
    "f_bavail",
    "f_files",
    "f_ffree",
    "f_favail",
    "f_fsid",
    "f_flag",
    "f_namemax",
)


@blocking  # a filesystem over the network may not answer
def guest_get_statvfs(path: str) -> JSON:
    """Return a ``GuestFileSystemStatistics``."""
    with failing("Failed to get statvfs"):
        status = os.statvfs(octets(path))
    return {name: signed(getattr(status, name)) for name in MEMBERS}


def signed(number: int) -> int:
    """Return a number of 64 bits as the schema's ``int``: a filesystem's is any pattern of bits."""
    return number - (1 << 64) if number >= 1 << 63 else number
