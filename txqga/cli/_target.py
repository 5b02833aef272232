"""A guest to ask, out of what was said on the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import CancelledError
from twisted.internet.interfaces import IReactorTime

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._where import Where, endpoint_of
from txqga.errors import AgentUnavailable
from txqga.session import SessionOptions, State, Status

if TYPE_CHECKING:
    from txqga.guest import Guest

#: Seconds until an agent that has not answered is given up, unless ``--timeout`` says otherwise.
PATIENCE = 10.0

#: A guest of the mux may have to wait its turn.
TURN = 30.0

#: In these it is known that there is no answer: trying again is for those who wait.
HOPELESS = frozenset({State.ABSENT, State.HELD, State.DESYNCED, State.CLOSED})


def make_guest(
    reactor: Any, where: Where, name: str | None, timeout: float | None, *, must_be: bool = True
) -> "Guest":
    """
    Make the guest of that name; it connects, and is not ready yet.

    :param name: of a guest of the mux; None: the agent that ``where`` is connected to.
    :param timeout: seconds that each answer may take; None: what is usual.
    :param must_be: the mux must have it already.
    :raise Complaint: there is no such guest, or can be none.
    """
    from txqga.guest import Guest

    if where.connect is None and (must_be or where.is_remote):
        _check(where, name or "")
    sync = 5.0 if timeout is None else min(timeout, 5.0)
    try:
        if where.connect is not None:
            options = SessionOptions(
                sync_timeout=sync, deadline=timeout or PATIENCE, retry_initial=0.2, retry_max=2.0
            )
            endpoint = endpoint_of(reactor, where.connect)
            return Guest.connect(reactor, endpoint, name=name or where.connect, options=options)
        options = SessionOptions(
            sync_timeout=2 * sync, deadline=timeout or TURN, retry_initial=0.2, retry_max=2.0
        )
        return Guest.at_mux(reactor, name or "", folder=where.folder, options=options)
    except ValueError as why:
        raise Complaint("usage", str(why), Exit.USAGE) from why


async def ready(clock: IReactorTime, guest: "Guest", timeout: float | None) -> None:
    """
    Wait until a guest can be asked, and no longer than there is hope.

    :raise AgentUnavailable: there is none, or no time is left.
    """
    known: list[Status] = []

    def told(status: Status) -> None:
        if status.state in HOPELESS and not known:
            known.append(status)
            waiting.cancel()

    waiting = guest.wait_ready(PATIENCE if timeout is None else timeout)
    unsubscribe = guest.subscribe(told)
    told(guest.status)
    try:
        await waiting
    except CancelledError:
        if known:
            raise away(known[0]) from None
        raise
    finally:
        unsubscribe()


@asynccontextmanager
async def ready_guest(
    reactor: Any, where: Where, name: str | None, timeout: float | None
) -> AsyncIterator["Guest"]:
    """
    Have a guest that can be asked, and let it go in the end.

    :raise AgentUnavailable: there is none at present.
    """
    guest = make_guest(reactor, where, name, timeout)
    try:
        await ready(reactor, guest, timeout)
        yield guest
    finally:
        await guest.close()


async def waited(guest: "Guest", timeout: float | None) -> None:
    """
    Wait until a guest can be asked, hope or no hope.

    :raise AgentUnavailable: no time is left.
    """
    try:
        await guest.wait_ready(timeout)
    except AgentUnavailable as why:
        raise away(Status(State(why.state), why.reason, 0.0)) from why


#: What all other verbs need.
_ELSEWHERE = (
    "this verb needs the socket of the guest, on the host of the mux: run txqga there, such as by "
    "ssh, or say --mux FOLDER if that is this host"
)


def _check(where: Where, name: str) -> None:
    """
    Complain of a guest that the mux has not; one that it has may be away all the same.
    """
    if where.is_remote:
        raise Complaint("no-mux", f"{where.control} is elsewhere: {_ELSEWHERE}", Exit.UNAVAILABLE)
    socket = where.socket(name)
    try:
        socket.lstat()
    except FileNotFoundError:
        if not where.folder.is_dir():
            words = f"there is no mux: no folder {where.folder}; say --mux FOLDER, or --connect"
            raise Complaint("no-mux", words, Exit.UNAVAILABLE) from None
        words = f"the mux has no guest {name}: there is no {socket}"
        raise Complaint("no-such-guest", words, Exit.UNAVAILABLE) from None
    except PermissionError:
        words = f"permission denied: this user may not look into {where.folder}"
        raise Complaint("forbidden", words, Exit.FORBIDDEN) from None


def away(status: Status) -> AgentUnavailable:
    """Say how an agent is; the words of a mux that answers for it say what it is, too."""
    for state in State:
        if status.reason.startswith(f"the agent is {state.value}: "):
            return AgentUnavailable(state.value, status.reason.split(": ", 1)[1])
    return AgentUnavailable(status.state.value, status.reason)
