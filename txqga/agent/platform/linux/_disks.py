"""``guest-get-disks``: the disks and partitions, mounted or not. Facts 8.3."""

import contextlib
import re
from collections.abc import Callable, Iterator

from txqga.agent._failing import failing
from txqga.agent.platform.linux._address import VIRTUAL, disk_address
from txqga.agent.platform.linux._nvme import parse_smart_log
from txqga.agent.platform.linux._tree import Tree
from txqga.agent.platform.linux._udev import device
from txqga.wire import JSON

FOLDER = "/sys/block"


def disks(tree: Tree, smart_log: Callable[[bytes], bytes]) -> list[JSON]:
    """
    Return a list of ``GuestDiskInfo``: the reverse of the folder's order, partitions before their
    disk.

    :param smart_log: reads the health of an NVMe disk from its device node.
    :raise CommandFailed: the kernel does not tell.
    """
    with failing(f'Can\'t open directory "{FOLDER}"'):
        names = tree.links(FOLDER)
    return [entry for name in names for entry in _disk(tree, name, smart_log)][::-1]


def _disk(tree: Tree, name: str, smart_log: Callable[[bytes], bytes]) -> Iterator[JSON]:
    """Yield the disk and then its partitions; nothing if it has no size or no device node."""
    try:
        folder = tree.resolve(f"{FOLDER}/{name}")
        size = tree.read(f"{folder}/size").strip()
    except OSError:  # it has just been taken away
        return
    known = device(tree, folder)
    if size == b"0" or known.node is None:
        return
    disk: dict[str, JSON] = {"name": known.node, "partition": False}
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        disk["dependencies"] = _parts(tree, f"{folder}/slaves")
    if alias := known.properties.get("DM_NAME"):
        disk["alias"] = alias
    address = None if VIRTUAL in folder else disk_address(tree, folder)
    if address is not None:
        disk["address"] = address
        if address["bus-type"] == "nvme":
            with contextlib.suppress(OSError):
                log = smart_log(tree.real(known.node))
                disk["smart"] = {"type": "nvme", **parse_smart_log(log)}
    yield disk
    yield from _partitions(tree, folder, name, known.node)


def _parts(tree: Tree, slaves: str) -> list[str]:
    """Return the nodes of the devices that a device is made of."""
    nodes: list[str] = []
    for name in tree.links(slaves):
        with contextlib.suppress(OSError):  # it has just been taken away
            part = device(tree, tree.resolve(f"{slaves}/{name}")).node
            nodes += [] if part is None else [part]
    return nodes[::-1]


def _partitions(tree: Tree, folder: str, disk: str, node: str) -> Iterator[JSON]:
    named = re.compile(rf"{re.escape(disk)}p?\d")
    for name in tree.folders(folder):
        part = device(tree, f"{folder}/{name}").node if named.match(name) else None
        if part is not None:
            yield {"name": part, "partition": True, "dependencies": [node]}
