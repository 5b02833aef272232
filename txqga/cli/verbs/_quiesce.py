"""``txqga quiesce``: a command of this host, run while guests hold still."""

import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._freezes import whoever
from txqga.cli._names import GUEST
from txqga.cli._output import written
from txqga.cli._verb import Run, verb
from txqga.cli._with_command import WithCommand

if TYPE_CHECKING:
    from txqga.guest import Quiesced


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
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long they may be frozen at most: five minutes, unless you say otherwise.",
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
    Through a mux that holds also if this command is killed; with --connect it does not.

    The exit status is the command's; or 6 where the guests did not hold still until it had ended:
    what it has copied is worth nothing then. A report on stderr says how long each was frozen, in
    JSON with --json: standard output is the command's.
    """
    from txqga.guest import HostCommand, while_frozen

    if shutil.which(command[0]) is None:
        words = f"there is no command {command[0]} on this host: nothing was frozen"
        raise Complaint("no-such-program", words, Exit.NOT_FOUND)
    async with AsyncExitStack() as stack:
        every = [await stack.enter_async_context(run.guest(each)) for each in dict.fromkeys(guests)]
        done = await while_frozen(
            run.reactor,
            every,
            HostCommand(run.reactor, command),
            owner=owner or whoever(),
            seconds=seconds,
        )
    if not quiet:
        report(run, done)
    return done.result


def report(run: Run, done: "Quiesced[int]") -> None:
    """Say on stderr how long each guest was frozen."""
    held = {name: each.until - each.since for name, each in done.intervals.items()}
    if run.out.json:
        value = {
            "guests": [{"guest": name, "seconds": round(each, 6)} for name, each in held.items()],
            "skew": round(done.skew, 6),
            "seconds": round(done.seconds, 6),
            "status": done.result,
        }
        run.out.stderr.write(f"{written(value)}\n")
        return
    for name, each in held.items():
        run.out.note(f"{name} was frozen for {each:.3f} s")
    if len(held) > 1:
        run.out.note(f"all of them together for {done.seconds:.3f} s, skew {done.skew:.3f} s")
