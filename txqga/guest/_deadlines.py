"""How long commands may be silent that take their time."""

#: Seconds. A freeze waits for the disks, and a trim for all that they have to forget.
_SLOW = {
    "guest-fsfreeze-freeze": 3600.0,
    "guest-fsfreeze-freeze-list": 3600.0,
    "guest-fstrim": 3600.0,
    "guest-fsfreeze-thaw": 600.0,
}


def deadline_of(command: str) -> float | None:
    """Give the longest silence, in seconds, that is usual for a command; None: as for any."""
    return _SLOW.get(command)
