"""Why there is no agent, in sentences that say what can be done."""

import errno

from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.error import ConnectError, ConnectingCancelledError, ConnectionDone
from twisted.internet.error import TimeoutError as ConnectTimeout
from twisted.python.failure import Failure

from txqga.session._states import Status

#: a fresh connection, and no answer to the first sync on it: QEMU serves one connection and
#: accepts others, and what is written while no agent runs waits for one
HELD = (
    "connected, but nobody answers: either another process holds the channel (`ss -xp` on the "
    "host shows which), or no agent runs in the guest; stop the one, or start the other"
)
#: an agent that did answer, and then no more, not even on a fresh connection
HUNG = (
    "the agent answered before and does not any more: it hangs, it was stopped, or the guest is "
    "paused or starting again"
)
#: octets came, but no sentinel among them
STRANGER = (
    "something answers on the channel, but not to guest-sync-delimited: it is no guest agent, or "
    "that command is blocked in it"
)

#: so many lines, and the answer to a sync not among them
DROWNED = "the agent, or somebody in its place, talks without end and does not answer a sync"

_BY_ERRNO = {
    errno.ENOENT: (
        "there is no such socket: the virtual machine is off, or has no guest agent channel"
    ),
    errno.ENXIO: "nobody listens on the socket: the virtual machine is off",
    errno.EACCES: "permission denied: this process may not write to the socket",
    errno.EPERM: "permission denied: this process may not write to the socket",
    errno.ECONNREFUSED: "the connection was refused: nobody listens on the socket any more",
    errno.ENODEV: "there is no such virtual machine on the channel",
    errno.ECONNRESET: "the connection was reset: what listens does not want it",
    errno.EAGAIN: (
        "the socket takes no more connections: another process holds it and more are waiting for "
        "it (`ss -xp` on the host shows which)"
    ),
}


#: What a sentence says, for programs. One that is not here says no more than its state.
_CODES = {
    HELD: "silent",
    HUNG: "hung",
    STRANGER: "not-an-agent",
    DROWNED: "garbage",
    _BY_ERRNO[errno.ENOENT]: "no-socket",
    _BY_ERRNO[errno.ENXIO]: "nobody-listens",
    _BY_ERRNO[errno.ECONNREFUSED]: "nobody-listens",
    _BY_ERRNO[errno.ECONNRESET]: "nobody-listens",
    _BY_ERRNO[errno.ENODEV]: "no-machine",
    _BY_ERRNO[errno.EACCES]: "no-permission",
    _BY_ERRNO[errno.EPERM]: "no-permission",
    _BY_ERRNO[errno.EAGAIN]: "held",
}


def reason_code(status: Status) -> str:
    """
    Say in one word why the agent is as it is.

    :return: ``silent``, ``hung``, ``held``, ``no-socket``, ``no-permission``, ``nobody-listens``,
        ``no-machine``, ``not-an-agent``, ``garbage``, or the name of the state.
    """
    return _CODES.get(status.reason, status.state.value)


def quoted(words: str) -> str:
    """Show what a guest said: not all of it if it is long, and nothing that moves a cursor."""
    shown = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in words[:200]
    )
    return f"{shown}..." if len(words) > 200 else shown


def connect_failed(failure: Failure) -> str:
    """Say why a connection could not be made."""
    error = failure.value
    if isinstance(error, (ConnectTimeout, DeferredTimeout, ConnectingCancelledError)):
        return "nobody took the connection in time"
    code = error.errno if isinstance(error, OSError) else None
    if isinstance(error, ConnectError):
        code = error.osError
        if code is None and "ConnectionDone" in str(error):
            # connect() said EAGAIN, as UNIX sockets with a full queue do; Twisted takes that
            # for a connection under way, and finds it closed
            code = errno.EAGAIN
    if code in _BY_ERRNO:
        return _BY_ERRNO[code]
    return f"no connection: {failure.getErrorMessage() or type(error).__name__}"


def connection_lost(failure: Failure) -> str:
    """Say how a connection came to its end."""
    if failure.check(ConnectionDone):
        return "the other end closed the connection"
    return f"the connection was lost: {failure.getErrorMessage()}"
