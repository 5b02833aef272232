"""The files in which a Linux machine tells about itself, in a folder of a test."""

import os
from collections.abc import Mapping
from pathlib import Path

from txqga.agent.platform.linux._tree import Tree


class Machine:
    """
    A file tree below ``root``; paths begin with a slash and mean what they mean on the machine.

    Every method returns the machine, so that a small one can be made in one expression.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root).absolute()
        self.root.mkdir(parents=True, exist_ok=True)

    @property
    def tree(self) -> Tree:
        return Tree(str(self.root))

    def at(self, path: str) -> Path:
        """Where a path really is."""
        return self.root / path.lstrip("/")

    def file(self, path: str, content: str | bytes = "") -> "Machine":
        """Write a file, and the folders above it."""
        octets = content if isinstance(content, bytes) else content.encode()
        self.at(path).parent.mkdir(parents=True, exist_ok=True)
        self.at(path).write_bytes(octets)
        return self

    def folder(self, path: str) -> "Machine":
        """Make a folder, and those above it."""
        self.at(path).mkdir(parents=True, exist_ok=True)
        return self

    def link(self, path: str, target: str) -> "Machine":
        """Make a symbolic link to another path of the machine, or to what ``target`` says."""
        self.at(path).parent.mkdir(parents=True, exist_ok=True)
        if target.startswith("/"):
            target = os.path.relpath(self.at(target), self.at(path).parent)
        self.at(path).symlink_to(target)
        return self

    def device(
        self,
        path: str,
        number: str,
        *,
        name: str | None = None,
        known: Mapping[str, str] | None = None,
    ) -> "Machine":
        """
        Attach a block device at this path in ``/sys``.

        :param name: of its node; that of its folder if it is not given.
        :param known: what udev knows about it.
        """
        major, minor = number.split(":")
        name = path.rpartition("/")[2] if name is None else name
        self.file(f"{path}/uevent", f"MAJOR={major}\nMINOR={minor}\nDEVNAME={name}\n")
        self.folder("/sys/class/block").link(f"{path}/subsystem", "/sys/class/block")
        self.link(f"/sys/dev/block/{number}", path)
        if known is not None:
            lines = "".join(f"E:{key}={value}\n" for key, value in known.items())
            self.file(f"/run/udev/data/b{number}", f"S:disk/by-id/x\nI:1\n{lines}G:systemd\nV:1\n")
        return self

    def disk(
        self,
        path: str,
        number: str,
        *,
        name: str | None = None,
        known: Mapping[str, str] | None = None,
        size: str = "2048\n",
    ) -> "Machine":
        """Attach a whole disk, one that ``/sys/block`` lists; :meth:`device` tells the rest."""
        self.device(path, number, name=name, known=known)
        self.file(f"{path}/size", size).folder(f"{path}/slaves")
        return self.link(f"/sys/block/{path.rpartition('/')[2]}", path)

    def driver(self, path: str, name: str) -> "Machine":
        """Have the device at this path in ``/sys`` driven by that driver."""
        return self.link(f"{path}/driver", f"/sys/bus/pci/drivers/{name}")
