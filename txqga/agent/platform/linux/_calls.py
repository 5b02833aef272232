"""The system calls that Linux is read and changed with, where a file does not do."""

import fcntl
import os
import pwd
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from attrs import field, frozen

from txqga.agent._child import Children
from txqga.agent.platform.linux._identity import Ids
from txqga.agent.platform.linux._nvme import smart_log
from txqga.agent.platform.linux._rtnetlink import dump
from txqga.agent.platform.linux._thread_ids import thread_ids


class Programs(Protocol):
    """Runs programs; :class:`txqga.agent._child.Children` says how."""

    def run(self, argv: Sequence[str], action: str, *, data: bytes | None = None) -> None: ...
    def code(self, argv: Sequence[str]) -> int | None: ...


def _set_clock(nanoseconds: int) -> None:
    time.clock_settime_ns(time.CLOCK_REALTIME, nanoseconds)


@frozen(kw_only=True)
class Calls:
    """Each may be another in a test; all raise OSError."""

    uname: Callable[[], os.uname_result] = os.uname
    load: Callable[[], tuple[float, float, float]] = os.getloadavg
    ticks: Callable[[], int] = lambda: os.sysconf("SC_CLK_TCK")  #: a second, in ``/proc/stat``
    stat: Callable[[bytes], os.stat_result] = os.stat
    statvfs: Callable[[bytes], os.statvfs_result] = os.statvfs
    netlink: Callable[[int], bytes] = dump  #: by the kind of request
    smart_log: Callable[[bytes], bytes] = smart_log  #: by device node
    account: Callable[[str], pwd.struct_passwd] = pwd.getpwnam  #: raises KeyError too
    ids: Ids = field(factory=thread_ids)
    open: Callable[[bytes, int], int] = os.open
    pwrite: Callable[[int, bytes, int], int] = os.pwrite
    fchown: Callable[[int, int, int], None] = os.fchown
    ioctl: Callable[[int, int, bytearray], int] = fcntl.ioctl  #: changes what it is given
    set_clock: Callable[[int], None] = _set_clock  #: to nanoseconds since 1970
    boot_time: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME)
    programs: Programs = field(factory=Children)
