"""``txqga list``: the guests of the mux."""

from typing import TYPE_CHECKING, Any

from txqga.cli._complaint import Complaint
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.wire import JSON


@verb(
    "list",
    examples="""
    txqga list
    txqga list | cut -f1
    txqga --json list | jq -r '.guests[] | select(.state != "ready") | .name'
    """,
)
async def list_(run: Run) -> None:
    """
    List the guests of the mux on this host, and how their agents are.

    Asks the mux's control interface. Where it has none, the guests are those that have a socket,
    and each is asked itself.
    """
    run.through_mux("list")
    try:
        told = await run.control.ask("GET", "guests")
    except Complaint as why:
        if why.code != "no-mux":
            raise
        told = await _by_sockets(run, why)
    guests = told.get("guests", []) if isinstance(told, dict) else []
    run.out.table(
        {"guests": guests},
        ("guest", "state", "for", "reason"),
        [row(each) for each in guests],
        empty="the mux has no guest that you may know of",
    )


def row(guest: Any) -> tuple[str, str, str, str]:
    """Write a guest as a line of the table."""
    frozen = guest.get("freeze", {}).get("stage", "thawed") != "thawed"
    reason = guest["freeze"]["reason"] if frozen else guest.get("reason", "")
    seconds = guest.get("seconds")
    lasts = "" if seconds is None else span(seconds)
    return (guest.get("name", ""), guest.get("state", ""), lasts, reason)


def span(seconds: float) -> str:
    """Write how long something lasts: ``42 s``, ``7 min``, ``3.5 h``, ``12 d``."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172800 else f"{seconds / 86400:.0f} d"


async def _by_sockets(run: Run, why: Complaint) -> "JSON":
    from txqga.cli._target import make_guest, ready
    from txqga.errors import AgentUnavailable

    names = run.where.guests()
    if not names:
        raise why
    run.out.note(f"{why.words}; the guests in {run.where.folder} are asked one by one")
    found: list[JSON] = []
    for name in names:
        guest = make_guest(run.reactor, run.where, name, run.timeout)
        try:
            await ready(run.reactor, guest, run.timeout)
            found.append({"name": name, "state": "ready", "reason": "the agent answers"})
        except AgentUnavailable as away:
            found.append({"name": name, "state": away.state, "reason": away.reason})
        finally:
            await guest.close()
    return {"guests": found}
