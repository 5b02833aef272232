"""``txqga status``: whether guests are frozen."""

from collections.abc import Sequence
from typing import Any

import click

from txqga.cli._complaint import Complaint
from txqga.cli._freezes import row
from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb


@verb(
    "status",
    examples="""
    txqga status
    txqga status db1
    txqga --json status | jq -r '.guests[] | select(.stage != "thawed") | .guest'
    """,
)
@click.argument("guests", type=GUEST, nargs=-1, metavar="[GUEST]...")
async def status(run: Run, guests: Sequence[str | None]) -> None:
    """
    Say of each GUEST whether it is frozen, for whom, and until when; without one, of all of them.

    The mux knows. Where there is none to be asked the agents are, which know no more than whether.
    """
    found: list[Any] = []
    if run.where.is_direct:
        found.append(await _asked(run, None))
    else:
        try:
            found += await _known(run, [str(each) for each in guests])
        except Complaint as why:
            names = [str(each) for each in guests] or run.where.guests()
            if why.code != "no-mux" or not names:
                raise
            run.out.note(f"{why.words}; the agents are asked one by one")
            found += [await _asked(run, each) for each in names]
    rows = [row(each["guest"], each) for each in found]
    heads = ("guest", "stage", "left", "owner", "reason")
    run.out.table({"guests": found}, heads, rows, empty="the mux has no guest that you may know of")


async def _known(run: Run, names: list[str]) -> list[Any]:
    if names:
        told = [await run.control.ask("GET", "guests", name) for name in names]
    else:
        told = (await run.control.ask("GET", "guests"))["guests"]
    return [{"guest": each["name"], **each["freeze"]} for each in told]


async def _asked(run: Run, name: str | None) -> Any:
    async with run.guest(name) as guest:
        stage = await guest.fsfreeze_status()
        return {"guest": guest.name, "stage": str(getattr(stage, "value", stage))}
