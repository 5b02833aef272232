"""How freezes stand, as lines for people."""

import getpass
import os
import socket
from typing import Any

#: Who freezes, for people.
OWNER = "txqga"


def whoever() -> str:
    """Name who asks: ``root@host, txqga 4711``."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"{name}@{socket.gethostname()}, {OWNER} {os.getpid()}"


def filesystems(count: int) -> str:
    """Say how many there are."""
    return f"{count} filesystem{'' if count == 1 else 's'}"


def lines(told: Any) -> list[str]:
    """Say what became of each guest that was to be frozen."""
    found = []
    for each in told["guests"]:
        words = f"{each['guest']} is frozen, {filesystems(each.get('filesystems', 0))}"
        left = each.get("left", told.get("left"))
        if not each.get("filesystems"):
            words = f"{each['guest']} has no filesystem that could be frozen"
        elif left is not None:
            words += f", for {left:.0f} s"
        found.append(words)
    if told.get("skew") is not None:
        found.append(f"{told['skew']:.3f} s lay between the first one and the last")
    return found


def row(name: str, freeze: Any) -> tuple[str, str, str, str, str]:
    """Say how a guest stands: name, stage, for how long still, owner, reason."""
    left = freeze.get("left")
    return (
        name,
        freeze.get("stage", "?"),
        "" if left is None else f"{left:.0f} s",
        freeze.get("owner", ""),
        freeze.get("reason", ""),
    )
