"""``txqga doctor``: why a guest does not answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.guest import Guest
    from txqga.wire import JSON

#: Findings of guests that answer all the same.
ANSWERS = frozenset({"ok", "disabled", "busy", "frozen", "found-frozen"})


@verb(
    "doctor",
    examples="""
    txqga doctor
    txqga doctor db1
    txqga --connect /run/qga/db1.sock doctor
    """,
)
@click.argument("guests", nargs=-1, type=GUEST, metavar="[GUEST]...")
async def doctor(run: Run, guests: tuple[str | None, ...]) -> int:
    """
    Say what keeps guests from answering, and what to do; without GUEST, all of the mux's.

    The exit status is 3 where one of them does not answer.
    """
    found = [await _examined(run, each) for each in guests or await _every(run)]
    run.out.tell({"guests": found}, *(line for each in found for line in lines(each)))
    codes = [each["code"] for one in found for each in one["findings"][:1]]
    return Exit.GOOD if ANSWERS.issuperset(codes) else Exit.UNAVAILABLE


def lines(diagnosis: Any) -> list[str]:
    """Write a diagnosis for people."""
    told = []
    for each in diagnosis["findings"]:
        told.append(f"{diagnosis['name']}: {each['words']}")
        if each["advice"]:
            told.append(f"    {each['advice']}")
    return told


async def _every(run: Run) -> list[str]:
    try:
        listed = await run.control.ask("GET", "guests")
        return [each["name"] for each in listed["guests"]]
    except Complaint as why:
        names = run.where.guests()
        if why.code != "no-mux" or not names:
            raise
        return names


async def _examined(run: Run, name: str | None) -> Any:
    if name is not None:
        try:
            return await run.control.ask("GET", "guests", name, "doctor")
        except Complaint as why:
            if why.code != "no-mux":
                raise
            run.out.note(f"{why.words}; less is known without")
    return await _by_itself(run, name)


async def _by_itself(run: Run, name: str | None) -> "JSON":
    """Examine a guest without the help of a mux."""
    from txqga.cli._target import ready
    from txqga.errors import AgentUnavailable, TxqgaError
    from txqga.mux import disabled_in
    from txqga.session import State, Status

    guest = run.awaited(name)
    disabled: list[str] = []
    try:
        await ready(run.reactor, guest, run.timeout)
        disabled = disabled_in(await guest.call("guest-info"))
        status = guest.status
    except AgentUnavailable as why:
        states = {each.value: each for each in State}
        state = states.get(why.state, State.ABSENT)
        status = Status(state, why.reason, guest.status.since)
    except TxqgaError:
        status = guest.status
    finally:
        await guest.close()
    return {"name": guest.name, "findings": _findings(run, guest, status, disabled)}


def _findings(run: Run, guest: "Guest", status: Any, disabled: list[str]) -> "list[JSON]":
    from txqga.mux import Facts, diagnose, holders

    path = run.where.path
    others = holders(Path(path)) if path is not None and not status.state.is_ready else []
    facts = Facts(status=status, now=run.reactor.seconds(), holders=others, disabled=disabled)
    return [
        {"code": each.code, "words": each.words, "advice": each.advice}
        for each in diagnose(facts, guest.schema)
    ]
