"""The system calls that Linux is read with, where a file does not do."""

import os
import pwd
from collections.abc import Callable

from attrs import frozen

from txqga.agent.platform.linux._identity import Ids
from txqga.agent.platform.linux._nvme import smart_log
from txqga.agent.platform.linux._rtnetlink import dump


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
    ids: Ids = os
