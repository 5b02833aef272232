"""
Which commands make, use and end what the agent keeps for a client.

That is two kinds of things: open files, which the agent numbers, and processes whose end has not
been asked for yet, which it finds by their PID. They are the agent's, not the connection's, so it
takes anybody's number; whose they are is for the mux to know.
"""

from collections.abc import Mapping
from enum import Enum

from attrs import frozen

from txqga.wire import JSON


class Kind(Enum):
    """What a number names."""

    FILE = "file"
    EXEC = "exec"


@frozen
class Handle:
    """A number that the agent gave out."""

    kind: Kind
    number: int

    @property
    def unknown(self) -> str:
        """What the agent says of a number that it never gave out, in its own words."""
        if self.kind is Kind.FILE:
            return f"handle '{self.number}' has not been found"
        return "PID ld does not exist"


_USE = {
    "guest-file-close": (Kind.FILE, "handle"),
    "guest-file-read": (Kind.FILE, "handle"),
    "guest-file-write": (Kind.FILE, "handle"),
    "guest-file-seek": (Kind.FILE, "handle"),
    "guest-file-flush": (Kind.FILE, "handle"),
    "txqga-file-digest": (Kind.FILE, "handle"),
    "guest-exec-status": (Kind.EXEC, "pid"),
}

#: Commands whose answer makes or ends a handle, even when it comes late.
CHANGING = frozenset({"guest-file-open", "guest-file-close", "guest-exec", "guest-exec-status"})


def used(command: str, arguments: Mapping[str, JSON]) -> Handle | None:
    """Name the handle that a command uses; None if there is no number where it should be."""
    if command not in _USE:
        return None
    kind, member = _USE[command]
    return _handle(kind, arguments.get(member))


def made(command: str, value: JSON) -> Handle | None:
    """Name the handle that a command has made, from what the agent answered."""
    if command == "guest-file-open":
        return _handle(Kind.FILE, value)
    if command == "guest-exec" and isinstance(value, dict):
        return _handle(Kind.EXEC, value.get("pid"))
    return None


def ends(command: str, value: JSON) -> bool:
    """Whether the agent has forgotten the handle that the command used, now that it answered."""
    if command == "guest-exec-status":
        return isinstance(value, dict) and value.get("exited") is True
    return command == "guest-file-close"


def ends_refused(command: str) -> bool:
    """
    Whether the agent does not know the handle any more if it found a fault with the command.

    A process that it does not know, or a file that it could not close: ``qemu-ga`` then keeps an
    entry that must not be touched again.
    """
    return command in ("guest-exec-status", "guest-file-close")


def release(handle: Handle) -> tuple[str, dict[str, JSON]]:
    """Tell the command that makes the agent forget ``handle``, with its arguments."""
    if handle.kind is Kind.FILE:
        return "guest-file-close", {"handle": handle.number}
    return "guest-exec-status", {"pid": handle.number}


def _handle(kind: Kind, number: JSON) -> Handle | None:
    return Handle(kind, number) if type(number) is int else None
