"""What is known of a virtual machine, and how QEMU's answers are read."""

from attrs import frozen

from txqga.wire import JSON


@frozen(kw_only=True)
class Machine:
    """What is known of a virtual machine."""

    status: str | None = None  #: QEMU's ``RunState``, such as ``running``; None: not known
    #: Whether the guest has the agent's port open; None: not known. A serial line is always open.
    port: bool | None = None


#: Nothing is.
UNKNOWN = Machine()


def run_state(answer: JSON) -> str | None:
    """Read the answer to ``query-status``; None if it makes no sense."""
    status = answer.get("status") if isinstance(answer, dict) else None
    return status[:64] if isinstance(status, str) and status.isascii() else None


def is_open(answer: JSON, path: str) -> bool | None:
    """
    Read the answer to ``query-chardev``: whether the guest has a port open.

    :param path: of the port's socket, by which it is known: the names are whoever's started QEMU.
    :return: None if there is no such port, or more than one.
    """
    found = [
        each.get("frontend-open")
        for each in (answer if isinstance(answer, list) else ())
        if isinstance(each, dict) and _is_at(each.get("filename"), path)
    ]
    return found[0] if len(found) == 1 and isinstance(found[0], bool) else None


def _is_at(filename: JSON, path: str) -> bool:
    """``unix:/run/a,server=on``, ``disconnected:unix:/run/a,server=on``, and ``,server`` of old."""
    if not isinstance(filename, str):
        return False
    _, found, rest = filename.partition(f"unix:{path}")
    return bool(found) and (not rest or rest.startswith((",", " ")))
