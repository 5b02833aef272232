"""``FIFREEZE`` and ``FITHAW``: holding filesystems still, and letting them go. Facts 5."""

import errno
import os

from txqga.agent._failing import failing
from txqga.agent.platform._platform import Mounted
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._mounts import all_mounts
from txqga.agent.platform.linux._stacking import bottom_up
from txqga.agent.platform.linux._tree import Tree
from txqga.errors import CommandFailed

FIFREEZE = 0xC0045877
FITHAW = 0xC0045878

#: It cannot be frozen, or is already.
_LEFT_OUT = (errno.EOPNOTSUPP, errno.EBUSY)

#: It is not frozen, or not by anyone who may do no more than we.
_NOT_FROZEN = (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTTY, errno.EPERM)


def mounted(tree: Tree, calls: Calls) -> list[Mounted]:
    """
    Return what can be frozen, those filesystems first that others lie on.

    :raise CommandFailed: the kernel does not tell what is mounted.
    """
    found = bottom_up(tree, all_mounts(tree, calls.stat))
    return [Mounted(each.folder, "{}:{}".format(*each.device)) for each in found]


def freeze(tree: Tree, calls: Calls, mount: Mounted) -> int | None:
    """
    Freeze a filesystem.

    :return: an open file, by which it can be thawed whatever is mounted over it; None if it has
        gone meanwhile, cannot be frozen, or is frozen already.
    :raise CommandFailed: it cannot be opened or frozen.
    """
    with failing(f"failed to open {mount.folder}"):
        there = calls.stat(tree.real(mount.folder)).st_dev
        file = _open(tree, calls, mount)
    frozen = False
    try:
        # What is there once it has gone is what it was mounted on, whose turn comes later.
        if _is(there, mount):
            calls.ioctl(file, FIFREEZE, bytearray(4))
            frozen = True
    except OSError as why:
        if why.errno not in _LEFT_OUT:
            raise CommandFailed(f"failed to freeze {mount.folder}: {why.strerror}") from why
    finally:
        if not frozen:
            os.close(file)
    return file if frozen else None


def thaw(calls: Calls, file: int) -> bool:
    """
    Thaw the filesystem of an open file, and close that; tell whether it was frozen.

    :raise OSError: it is frozen, and stays so.
    """
    thawed = False
    try:
        while True:  # each call takes back one freeze, whoever froze it
            calls.ioctl(file, FITHAW, bytearray(4))
            thawed = True
    except OSError as why:
        if why.errno not in _NOT_FROZEN:
            raise
        return thawed
    finally:
        os.close(file)


def thaw_at(tree: Tree, calls: Calls, mount: Mounted) -> bool:
    """
    Thaw what is mounted at a folder; tell whether it was frozen.

    What another filesystem covers cannot be reached, and its folder is not taken for it.

    :raise OSError: it is frozen, and stays so.
    """
    try:
        there = calls.stat(tree.real(mount.folder)).st_dev
        file = _open(tree, calls, mount)
    except OSError:
        return False
    if not _is(there, mount):
        os.close(file)
        return False
    return thaw(calls, file)


def _open(tree: Tree, calls: Calls, mount: Mounted) -> int:
    # a file may be what another one is mounted on, and be a pipe
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    return calls.open(tree.real(mount.folder), flags)


def _is(device: int, mount: Mounted) -> bool:
    """Whether this is the number of the device; a subvolume of btrfs has a number of its own."""
    major = os.major(device)
    return major == 0 or mount.device == f"{major}:{os.minor(device)}"
