"""``GuestDiskAddress``: where a disk is, as far as hardware and udev tell. Facts 8.2."""

from txqga.agent.platform.linux._hardware import hardware
from txqga.agent.platform.linux._pci import NOWHERE
from txqga.agent.platform.linux._tree import Tree
from txqga.agent.platform.linux._udev import device
from txqga.wire import JSON

VIRTUAL = "/devices/virtual/block/"  #: on the way to disks that are attached nowhere


def disk_address(tree: Tree, path: str) -> JSON | None:
    """
    Return where a disk is; None if nothing at all is known.

    :param path: the folder of the disk or partition in ``/sys``, links resolved.
    :raise CommandFailed: the kernel does not tell.
    """
    attached = hardware(tree, path)
    known = device(tree, path)
    serial = known.properties.get("ID_SERIAL")
    names = {name: value for name, value in (("dev", known.node), ("serial", serial)) if value}
    if not attached.known and not names:
        return None
    unknown = {"pci-controller": NOWHERE, "bus-type": "unknown", "bus": 0, "target": 0, "unit": 0}
    return {**unknown, **attached.members, **names}
