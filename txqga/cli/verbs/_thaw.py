"""``txqga thaw``: guests whose filesystems are let go."""

from collections.abc import Sequence
from typing import Any

import click

from txqga.cli._complaint import Complaint, complaint_of
from txqga.cli._freezes import filesystems
from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb


@verb(
    "thaw",
    examples="""
    txqga thaw db1
    txqga thaw web1 web2 db1
    txqga --connect unix:/run/qga/db1.sock thaw
    """,
)
@click.argument("guests", type=GUEST, nargs=-1, required=True, metavar="GUEST...")
async def thaw(run: Run, guests: Sequence[str | None]) -> int:
    """
    Thaw each GUEST, whoever has frozen it.

    A guest that is not frozen is thawed at once. The exit status is 6 where one did not hold still
    until now: what was copied meanwhile is worth nothing. All are thawed, also where one cannot be.
    """
    status = 0
    found: list[Any] = []
    for name in guests:
        try:
            found.append(await _thawed(run, name))
        except Exception as why:
            complaint = complaint_of(why)
            if complaint is None:
                raise
            if len(guests) == 1:
                raise complaint from why
            status = status or complaint.exit
            found.append({"guest": name, **complaint.document()})
    run.out.tell({"guests": found}, *map(_line, found))
    return status


async def _thawed(run: Run, name: str | None) -> Any:
    if name is not None:
        try:
            told = await run.control.ask("DELETE", "guests", name, "freeze")
        except Complaint as why:
            if why.code != "no-mux":
                raise
        else:
            return {"guest": name, **told}
    async with run.guest(name) as guest:
        return {"guest": guest.name, "filesystems": await guest.fsfreeze_thaw()}


def _line(told: Any) -> str:
    if "error" in told:
        return f"{told['guest']}: {told['error']['message']}"
    return f"{told['guest']} is thawed, {filesystems(told.get('filesystems', 0))}"
