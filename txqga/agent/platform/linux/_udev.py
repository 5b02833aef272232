"""
What udev knows about a device: the kernel's ``uevent``, and udev's own files.

libudev reads the same: the database is text, a file for each device.
"""

from collections.abc import Mapping

from attrs import field, frozen

from txqga.agent._octets import text
from txqga.agent.platform.linux._tree import Tree

DATABASE = "/run/udev/data"


@frozen
class Device:
    """A block device."""

    node: str | None = None  #: such as ``/dev/sda``
    properties: Mapping[str, str] = field(factory=dict)


def device(tree: Tree, folder: str) -> Device:
    """
    Return what is known about the block device whose folder in ``/sys`` this is.
    """
    try:
        kernel = _variables(tree.read(f"{folder}/uevent"), "")
    except OSError:
        return Device()
    number = f"{kernel.get('MAJOR', 0)}:{kernel.get('MINOR', 0)}"
    try:
        known = _variables(tree.read(f"{DATABASE}/b{number}"), "E:")
    except OSError:
        known = {}
    name = kernel.get("DEVNAME")
    node = None if name is None else f"/dev/{name.removeprefix('/dev/')}"
    return Device(node, {**kernel, **known})


def _variables(octets: bytes, prefix: str) -> dict[str, str]:
    """Return the variables in lines such as ``E:NAME=value``."""
    lines = [
        line.removeprefix(prefix) for line in text(octets).split("\n") if line.startswith(prefix)
    ]
    return dict(line.split("=", 1) for line in lines if "=" in line)
