"""
The health of an NVMe disk: its log page 02h.

NVM Express Base Specification, "SMART / Health Information"; the command is Linux'
``NVME_IOCTL_ADMIN_CMD`` of ``linux/nvme_ioctl.h``.
"""

import array
import fcntl
import os
import struct
from collections.abc import Callable, Mapping

from txqga.wire import JSON

_ADMIN_COMMAND = 0xC0484E41
#: operation, namespace, address and length of the data, words 10 to 15, timeout, result
_COMMAND = struct.Struct("=BBHIIIQQII6III")
_GET_LOG_PAGE = 0x02
_EVERY_NAMESPACE = 0xFFFFFFFF
_HEALTH = 0x02
_RETAIN = 1 << 15  #: whoever waits for events of the disk still gets them
_LENGTH = 512

_OCTETS = (
    ("critical-warning", 0, 1),
    ("temperature", 1, 2),
    ("available-spare", 3, 1),
    ("available-spare-threshold", 4, 1),
    ("percentage-used", 5, 1),
)
_COUNTERS = (
    "data-units-read",
    "data-units-written",
    "host-read-commands",
    "host-write-commands",
    "controller-busy-time",
    "power-cycles",
    "power-on-hours",
    "unsafe-shutdowns",
    "media-errors",
    "number-of-error-log-entries",
)
_FIRST_COUNTER = 32


def smart_log(node: bytes, ioctl: Callable[[int, int, bytes], object] = fcntl.ioctl) -> bytes:
    """
    Return the log page of the disk with this device node.

    :raise OSError: the disk does not tell.
    """
    page = array.array("B", bytes(_LENGTH))
    address, _ = page.buffer_info()
    words = _HEALTH | _RETAIN | (_LENGTH // 4 - 1) << 16, 0, 0, 0, 0, 0
    command = _COMMAND.pack(
        *(_GET_LOG_PAGE, 0, 0, _EVERY_NAMESPACE, 0, 0, 0, address, 0, _LENGTH), *words, 0, 0
    )
    disk = os.open(node, os.O_RDONLY | os.O_CLOEXEC)
    try:
        ioctl(disk, _ADMIN_COMMAND, command)
    finally:
        os.close(disk)
    return page.tobytes()


def parse_smart_log(page: bytes) -> Mapping[str, JSON]:
    """Return the members of ``GuestNVMeSmart``; counters have 128 bits, in two halves."""
    told = {name: int.from_bytes(page[at : at + size], "little") for name, at, size in _OCTETS}
    for place, name in enumerate(_COUNTERS):
        low, high = struct.unpack_from("<QQ", page, _FIRST_COUNTER + 16 * place)
        told |= {f"{name}-lo": low, f"{name}-hi": high}
    return told
