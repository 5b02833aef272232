"""
Where a disk is attached: what its path in ``/sys`` says. Facts 8.2.

The path goes from the controller over ports and targets to the disk; what the numbers on it mean
depends on the controller's driver.
"""

import re
from collections.abc import Mapping

from attrs import field, frozen

from txqga.agent._failing import failing
from txqga.agent.platform.linux._pci import controller
from txqga.agent.platform.linux._tree import Tree
from txqga.wire import JSON

_HEX = "([0-9a-fA-F]+)"
_CCW = re.compile(f"/devices/css{_HEX}/{_HEX}\\.{_HEX}\\.{_HEX}/{_HEX}\\.{_HEX}\\.{_HEX}/")
_TARGET = re.compile(r"/target\d+:\d+:\d+/\d+:(\d+):(\d+):(\d+)")
_PORT = re.compile(r"/(ata)(\d+)")
_HOST = re.compile(r"/(host)(\d+)")
_MOST_PORTS = 8  #: that qemu-ga looks at


@frozen
class Hardware:
    """What is known about the attachment."""

    known: bool  #: whether it is enough to tell of a disk about which udev knows nothing
    members: Mapping[str, JSON] = field(factory=dict)  #: of ``GuestDiskAddress``


_UNKNOWN = Hardware(False)


def hardware(tree: Tree, path: str) -> Hardware:
    """
    Return what the path tells.

    :param path: the disk's or partition's folder in ``/sys``, links resolved.
    :raise CommandFailed: the ports beside its own cannot be listed.
    """
    if "/devices/pci" in path:
        return _on_pci(tree, path)
    if "/devices/css" in path:
        return _on_channel_subsystem(path)
    return _on_virtio(path)


def _on_pci(tree: Tree, path: str) -> Hardware:
    found = controller(tree, path)
    if found is None:
        return _UNKNOWN
    place = _place(tree, path, found.driver)
    return Hardware(place is not None, {"pci-controller": found.address, **(place or {})})


def _place(tree: Tree, path: str, driver: str) -> Mapping[str, JSON] | None:
    target = _TARGET.search(path)
    _, number, unit = map(int, target.groups()) if target else (0, 0, 0)
    match driver:
        case "virtio-pci" if target is None:
            return {"bus-type": "virtio"}
        case "virtio-pci":
            return {"bus-type": "scsi", "unit": unit}
        case "nvme":
            return {"bus-type": "nvme"}
        case "xhci_hcd" | "ehci-pci":
            return {"bus-type": "usb"}
        case "sym53c8xx" if target is not None:
            return {"bus-type": "scsi", "unit": number}
        case "ata_piix" | "ahci" if target is not None:
            port = _port(tree, path)
            if port is not None and driver == "ahci":
                return {"bus-type": "sata", "unit": port}
            if port is not None:
                return {"bus-type": "ide", "bus": port, "unit": number}
    return None


def _port(tree: Tree, path: str) -> int | None:
    """Return which of the controller's ports leads to the disk, counted from 0."""
    own = _PORT.search(path) or _HOST.search(path)
    if own is None:
        return None
    folder = path[: own.start()]
    with failing(f'opendir("{folder}")'):
        names = tree.names(folder)
    numbered = re.compile(rf"{own[1]}(\d+)")
    ports = [int(found[1]) for found in map(numbered.match, names) if found]
    ports = sorted(ports[:_MOST_PORTS])
    return ports.index(int(own[2])) if int(own[2]) in ports else None


def _on_channel_subsystem(path: str) -> Hardware:
    found = _CCW.search(path)
    if found is None:
        return _UNKNOWN
    _, cssid, ssid, subchno, _, _, devno = (int(part, 16) for part in found.groups())
    address = {"cssid": cssid, "ssid": ssid, "subchno": subchno, "devno": devno}
    virtio = _on_virtio(path).members if "/virtio" in path[found.end() - 1 :] else {}
    return Hardware(True, {"ccw-address": address, **virtio})


def _on_virtio(path: str) -> Hardware:
    """A virtio device on a bus other than PCI."""
    if "/virtio" not in path or "/block" not in path:
        return _UNKNOWN
    target = _TARGET.search(path)
    if target is None:
        return Hardware(True, {"bus-type": "virtio"})
    bus, number, unit = map(int, target.groups())
    return Hardware(True, {"bus-type": "scsi", "bus": bus, "target": number, "unit": unit})
