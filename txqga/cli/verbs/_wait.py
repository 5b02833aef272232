"""``txqga wait``: until the agent answers."""

from typing import TYPE_CHECKING

import click

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.session import Status


@verb(
    "wait",
    examples="""
    txqga wait db1
    virsh start db1 && txqga wait db1 --timeout 120 && txqga info db1
    """,
)
@click.argument("guest", type=GUEST)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing while waiting.")
async def wait(run: Run, guest: str | None, quiet: bool) -> None:
    """
    Wait until the agent of GUEST answers.

    What is the matter meanwhile is said on stderr. With --timeout the exit status is 3 when the
    time is over; without, it may take for ever.
    """
    from txqga.cli._target import HOPELESS, away, waited

    found = run.awaited(guest)
    known: list[str] = []

    def told(status: "Status") -> None:
        if quiet or status.state not in HOPELESS:
            return  # it is tried again and again: what came of it is told
        words = str(away(status))
        if words not in known[-1:]:
            known.append(words)
            run.out.note(f"{found.name}: {words}")

    unsubscribe = found.subscribe(told)
    began = run.reactor.seconds()
    try:
        await waited(found, run.timeout)
        took = run.reactor.seconds() - began
        run.out.tell({"guest": found.name, "seconds": round(took, 3)}, f"{found.name} answers")
    finally:
        unsubscribe()
        await found.close()
