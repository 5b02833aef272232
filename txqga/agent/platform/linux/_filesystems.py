"""``guest-get-fsinfo``: what is mounted, how full it is, and on which disks it lies. Facts 8.1."""

import os
import posixpath
from collections.abc import Iterator

from txqga.agent._failing import failing
from txqga.agent.platform.linux._address import VIRTUAL, disk_address
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._mounts import Mount, mounts
from txqga.agent.platform.linux._tree import Tree
from txqga.wire import JSON


def filesystems(tree: Tree, calls: Calls) -> list[JSON]:
    """
    Return a list of ``GuestFilesystemInfo``, the last mounted first.

    :raise CommandFailed: the kernel does not tell.
    """
    return [_filesystem(tree, calls, mount) for mount in mounts(tree, calls.stat)][::-1]


def _filesystem(tree: Tree, calls: Calls, mount: Mount) -> JSON:
    device = "/sys/dev/block/{}:{}".format(*mount.device)
    folder = _resolved(tree, device)
    try:
        space = _space(calls.statvfs(tree.real(mount.folder)))
    except OSError:
        space = {}
    return {
        "name": posixpath.basename(folder or device),
        "mountpoint": mount.folder,
        "type": mount.type,
        **space,
        "disk": list(_disks(tree, folder))[::-1] if folder else [],
    }


def _space(status: os.statvfs_result) -> dict[str, JSON]:
    used = status.f_blocks - status.f_bfree
    return {
        "used-bytes": used * status.f_frsize,
        "total-bytes": (used + status.f_bavail) * status.f_frsize,
        "total-bytes-privileged": status.f_blocks * status.f_frsize,
    }


def _disks(tree: Tree, folder: str) -> Iterator[JSON]:
    """Yield the address of each disk that a device lies on, itself if it is none of many."""
    if VIRTUAL not in folder:
        address = disk_address(tree, folder)
        if address is not None:
            yield address
        return
    with failing(f'opendir("{folder}/slaves")'):
        try:
            parts = tree.links(f"{folder}/slaves")
        except FileNotFoundError:
            parts = []
    for part in parts:
        below = _resolved(tree, f"{folder}/slaves/{part}")
        if below is not None:
            yield from _disks(tree, below)


def _resolved(tree: Tree, path: str) -> str | None:
    """Return the path behind the links; None if nothing is there, as in a container."""
    with failing(f'realpath("{path}")'):
        try:
            return tree.resolve(path)
        except FileNotFoundError:
            return None
