"""What is known about one agent, for people and for programs."""

from enum import Enum

from attrs import frozen


class State(str, Enum):
    """
    How a session stands with its agent.

    A state is left when something new is known, not when something is tried again: a session
    that has been ``HELD`` since ten o'clock says so through all its attempts.
    """

    ABSENT = "absent"  #: no connection can be made
    CONNECTING = "connecting"  #: the first attempt is under way
    SYNCING = "syncing"  #: connected; whether an agent is there is still to be seen
    READY = "ready"  #: the agent answers, and nothing is asked of it
    BUSY = "busy"  #: the agent answers, and calls are in flight
    FROZEN = "frozen"  #: the agent answers, and holds filesystems frozen
    DESYNCED = "desynced"  #: the agent stopped answering, or what it said made no sense
    HELD = "held"  #: connected, but silent: held by another client, most likely
    CLOSED = "closed"  #: not started yet, or stopped
    #: the virtual machine stands still: no session sees that, but QEMU says so
    PAUSED = "paused"
    MIGRATING = "migrating"  #: it stands still, for it comes from another host or has gone to one

    @property
    def is_ready(self) -> bool:
        """Whether calls are taken."""
        return self in _TAKING


_TAKING = frozenset({State.READY, State.BUSY, State.FROZEN})


@frozen
class Status:
    """A state, the reason for it, and how long it has lasted."""

    state: State
    reason: str  #: a sentence for people
    since: float  #: ``reactor.seconds()`` when the state was entered
