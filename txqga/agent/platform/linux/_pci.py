"""Which PCI device a disk hangs on: what its path in ``/sys`` says. Facts 8.2."""

import posixpath
import re

from attrs import frozen

from txqga.agent.platform.linux._tree import Tree
from txqga.wire import JSON

_HEX = "([0-9a-f]+)"
_ROOT = re.compile(f"/devices/pci{_HEX}:{_HEX}(?=/)")
_LEVEL = re.compile(f"/{_HEX}:{_HEX}:{_HEX}\\.{_HEX}")

#: of controllers of disks; what lies before them are bridges, and behind them ports
_DRIVERS = ("ata_piix", "sym53c8xx", "virtio-pci", "ahci", "nvme", "xhci_hcd", "ehci-pci")

#: ``GuestPCIAddress`` where none is known.
NOWHERE: JSON = {"domain": -1, "bus": -1, "slot": -1, "function": -1}


@frozen
class Controller:
    """A PCI device that disks hang on."""

    driver: str
    address: JSON  #: a ``GuestPCIAddress``


def controller(tree: Tree, path: str) -> Controller | None:
    """
    Return the first controller of disks on the way to a disk.

    :param path: the disk's folder in ``/sys``, links resolved.
    """
    level: re.Match[str] | None = _ROOT.search(path)
    while level is not None:
        level = _LEVEL.match(path, level.end())
        if level is not None:
            driver = _driver(tree, path[: level.end()])
            if driver in _DRIVERS:
                domain, bus, slot, function = (int(part, 16) for part in level.groups())
                address = {"domain": domain, "bus": bus, "slot": slot, "function": function}
                return Controller(driver, address)
    return None


def _driver(tree: Tree, device: str) -> str:
    try:
        return posixpath.basename(tree.target(f"{device}/driver"))
    except OSError:  # none drives it
        return ""
