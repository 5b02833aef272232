"""``txqga freeze``: guests whose filesystems hold still for a while."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._complaint import Complaint
from txqga.cli._freezes import OWNER, filesystems, lines
from txqga.cli._names import GUEST
from txqga.cli._seconds import SECONDS
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.guest import Guest

#: Seconds that a guest is held still without a mux, unless ``--for`` says otherwise.
USUAL = 300.0

#: Seconds by which a lease of ours is longer than that: it ends what has gone wrong.
MARGIN = 10.0


@verb(
    "freeze",
    examples="""
    txqga freeze db1
    txqga freeze web1 web2 db1 --for 60
    txqga --connect unix:/run/qga/db1.sock freeze --for 30
    """,
)
@click.argument("guests", type=GUEST, nargs=-1, required=True, metavar="GUEST...")
@click.option(
    "--for",
    "seconds",
    type=SECONDS,
    metavar="SECONDS",
    help="For how long; they are thawed then, whatever happens.",
)
@click.option("--owner", help="For whom, for people.")
async def freeze(
    run: Run, guests: Sequence[str | None], seconds: float | None, owner: str | None
) -> None:
    """
    Freeze the filesystems of each GUEST, all of them or none, and leave them so.

    The mux holds them: it thaws them when the time is over (five minutes, unless its options say
    otherwise), when it is started anew, and for "txqga thaw". To do something while they hold
    still, use "txqga quiesce".

    With --connect nobody but this command holds the guest: it stays until the time is over or
    Ctrl-C, and thaws it.
    """
    if run.where.is_direct:
        async with run.guest(None) as guest:
            await _hold(run, guest, owner or OWNER, USUAL if seconds is None else seconds)
        return
    body: Any = {} if seconds is None else {"seconds": seconds}
    body |= {} if owner is None else {"owner": owner}
    try:
        if len(guests) == 1:
            told = await run.control.ask("POST", "guests", str(guests[0]), "freeze", body=body)
            told = {"guests": [{"guest": guests[0], **told}]}
        else:
            told = await run.control.ask("POST", "freezes", body={"ranks": [[*guests]], **body})
    except Complaint as why:
        if why.code != "no-mux" or body or len(guests) > 1:
            raise
        told = await _by_socket(run, why, str(guests[0]))
    run.out.tell(told, *lines(told))


async def _hold(run: Run, guest: "Guest", owner: str, seconds: float) -> None:
    """Freeze a guest, and thaw it when the time is over."""
    from twisted.internet.task import deferLater

    holder = guest.freezer(owner, seconds + MARGIN)
    try:
        count = await holder.freeze()
        words = f"{guest.name} is frozen, {filesystems(count)}"
        run.out.tell({"guest": guest.name, "filesystems": count, "seconds": seconds}, words)
        run.out.note(
            f"it is thawed in {seconds:g} s, or on Ctrl-C; if this command is killed, by nobody, "
            "unless the agent has a limit of its own"
        )
        await deferLater(run.reactor, seconds)
    finally:
        await holder.thaw()
    run.out.tell({"guest": guest.name, "thawed": True}, f"{guest.name} is thawed")


async def _by_socket(run: Run, why: Complaint, name: str) -> Any:
    """Freeze a guest at its socket of the mux, for as long as is usual there."""
    async with run.guest(name) as guest:
        run.out.note(f"{why.words}; it is frozen for as long as is usual at this mux")
        return {"guests": [{"guest": name, "filesystems": await guest.fsfreeze_freeze()}]}
