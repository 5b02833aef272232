"""``FITRIM``: telling disks which of their blocks no filesystem needs any more. Facts 5.7."""

import errno
import os
import struct

from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._mounts import mounts
from txqga.agent.platform.linux._tree import Tree
from txqga.wire import JSON

FITRIM = 0xC0185879
_RANGE = struct.Struct("=QQQ")  #: ``struct fstrim_range``: start, length, least extent
_RESULT = struct.Struct("=8xqq")
_ALL = (1 << 64) - 1

#: What a filesystem or a disk says that knows no such thing.
_UNKNOWN = (errno.ENOTTY, errno.EOPNOTSUPP)


def trim(tree: Tree, calls: Calls, minimum: int) -> JSON:
    """
    Trim each filesystem, in the order of mounting.

    :param minimum: octets of the smallest extent worth the trouble; a negative one is a huge one.
    :return: a ``GuestFilesystemTrimResponse``, the last mounted first.
    :raise CommandFailed: the kernel does not tell what is mounted.
    """
    found = mounts(tree, calls.stat)
    return {"paths": [_trimmed(tree, calls, mount.folder, minimum) for mount in found][::-1]}


def _trimmed(tree: Tree, calls: Calls, folder: str, minimum: int) -> JSON:
    """Return a ``GuestFilesystemTrimResult``."""
    try:
        # a file may be what another one is mounted on, and be a pipe
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        file = calls.open(tree.real(folder), flags)
    except OSError as why:
        return {"path": folder, "error": f"failed to open: {why.strerror}"}
    span = bytearray(_RANGE.pack(0, _ALL, minimum & _ALL))
    try:
        calls.ioctl(file, FITRIM, span)
    except OSError as why:
        unknown = why.errno in _UNKNOWN
        error = "trim not supported" if unknown else f"failed to trim: {why.strerror}"
        return {"path": folder, "error": error}
    finally:
        os.close(file)
    trimmed, least = _RESULT.unpack(span)
    return {"path": folder, "minimum": least, "trimmed": trimmed}
