"""
Which commands make, use and end what the agent keeps for a client.

That is three kinds of things: open files, which the agent numbers; processes whose end has not been
asked for yet, which it finds by their PID; and jobs of our agent, which have names. They are the
agent's, not the connection's, so it takes anybody's number or name; whose they are is for the mux
to know.
"""

from collections.abc import Mapping
from enum import Enum

from attrs import frozen

from txqga.wire import JSON


class Kind(Enum):
    """What a number or a name is given to."""

    FILE = "file"
    EXEC = "exec"
    JOB = "job"


@frozen
class Handle:
    """A number that the agent gave out, or a name."""

    kind: Kind
    number: int | str

    @property
    def unknown(self) -> str:
        """What the agent says of a number that it never gave out, in its own words."""
        if self.kind is Kind.FILE:
            return f"handle '{self.number}' has not been found"
        if self.kind is Kind.JOB:
            return f"job '{self.number}' has not been found"
        return "PID ld does not exist"


#: Lists jobs, whosoever they are.
LIST = "txqga-exec-list"

#: Characters of a job's name: our agent's have 16.
LONGEST_NAME = 128

_USE = {
    "guest-file-close": (Kind.FILE, "handle"),
    "guest-file-read": (Kind.FILE, "handle"),
    "guest-file-write": (Kind.FILE, "handle"),
    "guest-file-seek": (Kind.FILE, "handle"),
    "guest-file-flush": (Kind.FILE, "handle"),
    "txqga-file-digest": (Kind.FILE, "handle"),
    "guest-exec-status": (Kind.EXEC, "pid"),
    "txqga-exec-read": (Kind.JOB, "job"),
    "txqga-exec-write": (Kind.JOB, "job"),
    "txqga-exec-signal": (Kind.JOB, "job"),
    "txqga-exec-status": (Kind.JOB, "job"),
    "txqga-exec-detach": (Kind.JOB, "job"),
    "txqga-exec-release": (Kind.JOB, "job"),
}

#: Commands whose answer makes or ends a handle, even when it comes late.
CHANGING = frozenset(
    {
        "guest-file-open",
        "guest-file-close",
        "guest-exec",
        "guest-exec-status",
        "txqga-exec-start",
        "txqga-exec-detach",
        "txqga-exec-release",
    }
)


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
    if command == "txqga-exec-start" and isinstance(value, dict):
        return _handle(Kind.JOB, value.get("job"))
    return None


def detaches(command: str, arguments: Mapping[str, JSON]) -> bool:
    """Whether a job is meant to outlive whoever has started it, now that the agent answered."""
    if command == "txqga-exec-start":
        return arguments.get("detached") is True
    return command == "txqga-exec-detach"


def ends(command: str, value: JSON) -> bool:
    """Whether the agent has forgotten the handle that the command used, now that it answered."""
    if command == "guest-exec-status":
        return isinstance(value, dict) and value.get("exited") is True
    return command in ("guest-file-close", "txqga-exec-release")


def ends_refused(command: str) -> bool:
    """
    Whether the agent does not know the handle any more if it found a fault with the command.

    A process or job that it does not know, or a file that it could not close: ``qemu-ga`` then
    keeps an entry that must not be touched again.
    """
    return command in ("guest-exec-status", "guest-file-close", "txqga-exec-status")


def release(handle: Handle) -> list[tuple[str, dict[str, JSON]]]:
    """
    Tell the commands that make the agent forget ``handle``, with their arguments.

    A job is killed first: nobody is there any more to whom it could say anything.
    """
    if handle.kind is Kind.FILE:
        return [("guest-file-close", {"handle": handle.number})]
    if handle.kind is Kind.EXEC:
        return [("guest-exec-status", {"pid": handle.number})]
    job: dict[str, JSON] = {"job": handle.number}
    return [("txqga-exec-signal", {**job, "signal": "kill"}), ("txqga-exec-release", job)]


def _handle(kind: Kind, number: JSON) -> Handle | None:
    if kind is Kind.JOB:
        is_one = isinstance(number, str) and len(number) <= LONGEST_NAME
    else:
        is_one = type(number) is int
    return Handle(kind, number) if is_one else None
