"""``txqga quiesce``: a command of this host, run while guests hold still."""

import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._freezes import whoever
from txqga.cli._names import GUEST
from txqga.cli._output import written
from txqga.cli._seconds import SECONDS
from txqga.cli._verb import Run, verb
from txqga.cli._with_command import WithCommand

if TYPE_CHECKING:
    from txqga.cli._held_by_mux import Held
    from txqga.guest import HostCommand

#: Codes that say that the control interface is not for us: guests may be, at their sockets.
SHUT = ("no-mux", "forbidden")


@verb(
    "quiesce",
    cls=WithCommand,
    examples="""
    txqga quiesce db1 -- lvcreate --snapshot --name db1-snap vg/db1
    txqga quiesce web1 web2 db1 --for 30 -- ./snapshot-all
    txqga --connect unix:/run/qga/db1.sock quiesce -- virsh snapshot-create db1 --disk-only
    """,
)
@click.argument("guests", type=GUEST, nargs=-1, required=True, metavar="GUEST...")
@click.option(
    "--for",
    "seconds",
    type=SECONDS,
    metavar="SECONDS",
    help="How long they may be frozen at most: five minutes, unless you or the mux say otherwise.",
)
@click.option("--owner", help="Who holds them, for people: you, unless you say otherwise.")
@click.option("--quiet", "-q", is_flag=True, help="No report.")
async def quiesce(
    run: Run,
    guests: Sequence[str | None],
    command: Sequence[str],
    seconds: float | None,
    owner: str | None,
    quiet: bool,
) -> int:
    """
    Freeze each GUEST, all of them or none; run COMMAND on this host; and thaw them.

    They are thawed whatever becomes of the command, on Ctrl-C too, and when their time is over.
    Through a mux that holds also if this command is killed; with --connect it does not. A mux that
    has a hook of its own runs it before and after.

    The exit status is the command's; or 6 where the guests did not hold still until it had ended:
    what it has copied is worth nothing then. A report on stderr says how long each was frozen, in
    JSON with --json: standard output is the command's.
    """
    from txqga.cli._held_by_mux import held_by_mux
    from txqga.guest import HostCommand

    if shutil.which(command[0]) is None:
        words = f"there is no command {command[0]} on this host: nothing was frozen"
        raise Complaint("no-such-program", words, Exit.NOT_FOUND)
    work = HostCommand(run.reactor, command)
    names = [*dict.fromkeys(guests)]
    held = None
    if not run.where.is_direct:
        body: Any = {"ranks": [names]} | ({} if seconds is None else {"seconds": seconds})
        body |= {} if owner is None else {"owner": owner}
        try:
            held = await held_by_mux(run.reactor, run.control, body, work)
        except Complaint as why:
            if why.code not in SHUT or run.where.is_remote:
                raise
            run.out.note(f"{why.words}; they are asked one by one, and no hook of the mux is run")
    if held is None:
        held = await _held_by_us(run, names, work, owner or whoever(), seconds)
    if not quiet:
        report(run, held)
    return held.status


async def _held_by_us(
    run: Run, names: "list[str | None]", work: "HostCommand", owner: str, seconds: float | None
) -> "Held":
    from txqga.cli._held_by_mux import Held
    from txqga.guest import while_frozen

    async with AsyncExitStack() as stack:
        every = [await stack.enter_async_context(run.guest(each)) for each in names]
        done = await while_frozen(run.reactor, every, work, owner=owner, seconds=seconds)
    held = {name: each.until - each.since for name, each in done.intervals.items()}
    return Held(done.result, held, done.skew, done.seconds)


def report(run: Run, held: "Held") -> None:
    """Say on stderr how long each guest was frozen."""
    if run.out.json:
        value = {
            "guests": [
                {"guest": name, "seconds": round(each, 6)} for name, each in held.seconds.items()
            ],
            "skew": round(held.skew, 6),
            "seconds": round(held.together, 6),
            "status": held.status,
        }
        run.out.stderr.write(f"{written(value)}\n")
        return
    for name, each in held.seconds.items():
        run.out.note(f"{name} was frozen for {each:.3f} s")
    if len(held.seconds) > 1:
        run.out.note(f"all of them together for {held.together:.3f} s, skew {held.skew:.3f} s")
