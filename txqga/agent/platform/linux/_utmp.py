"""
``utmp``: who is logged in. The layout of a record is that of glibc's ``struct utmpx``.

glibc keeps 32 bits for a time, also where a ``long`` has 64, on the machines that once had 32-bit
programs writing the same file.
"""

import struct
from collections.abc import Iterator

from txqga.agent._octets import text
from txqga.agent.platform._platform import Session

FILE = "/var/run/utmp"
_USER_PROCESS = 7

#: type, pid, line, id, user, host, exit status, session, seconds, microseconds, address
_NARROW = struct.Struct("=h2xi32s4s32s256s4siii16s20x")
_WIDE = struct.Struct("=h2xi32s4s32s256s4sqqq16s24x")
_WIDE_MACHINES = ("aarch64", "s390x", "alpha", "ia64")


def sessions(octets: bytes, machine: str) -> Iterator[Session]:
    """
    Yield who is logged in, a session at a time, in the order of the file.

    :param machine: as ``uname`` names it.
    """
    record = _WIDE if machine in _WIDE_MACHINES else _NARROW
    whole = len(octets) - len(octets) % record.size
    for kind, _, _, _, user, _, _, _, seconds, micros, _ in record.iter_unpack(octets[:whole]):
        if kind == _USER_PROCESS:
            yield Session(text(user.partition(b"\0")[0]), seconds + micros / 1_000_000)
