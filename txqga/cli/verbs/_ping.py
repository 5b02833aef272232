"""``txqga ping``: whether the agent answers."""

import click

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb


@verb(
    "ping",
    examples="""
    txqga ping db1
    txqga ping db1 --count 5
    txqga --connect unix:/run/qga/db1.sock ping
    """,
)
@click.argument("guest", type=GUEST)
@click.option("--count", "-n", type=click.IntRange(min=1), default=1, help="How often.")
async def ping(run: Run, guest: str | None, count: int) -> None:
    """
    Ask the agent of GUEST whether it is there, and say how long it took to answer.

    The exit status says it, too: 0, or 3 where it does not answer.
    """
    async with run.callee(guest) as found:
        for _ in range(count):
            began = run.reactor.seconds()
            await found.ping()
            took = run.reactor.seconds() - began
            told = {"guest": found.name, "seconds": round(took, 6)}
            run.out.tell(told, f"{found.name} answers: {took * 1000:.1f} ms")
