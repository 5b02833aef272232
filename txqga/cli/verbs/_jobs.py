"""``txqga jobs``: the programs that a guest was left to run."""

from typing import TYPE_CHECKING

import click

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.exec import Ended, JobStatus
    from txqga.wire import JSON


@verb(
    "jobs",
    examples="""
    txqga jobs db1
    txqga --json jobs db1 | jq -r '.jobs[] | select(.running) | .job'
    """,
)
@click.argument("guest", type=GUEST)
async def jobs(run: Run, guest: str | None) -> None:
    """
    List the programs that were started in GUEST with "exec --detach", and not collected.

    Agents that cannot stream keep no such list.
    """
    from txqga.exec import Exec

    async with run.guest(guest) as found:
        every = await Exec(run.reactor, found).jobs()
    run.out.table(
        {"guest": found.name, "jobs": [document(each) for each in every]},
        ("job", "pid", "key", "state", "program"),
        [
            (each.name, str(each.pid), each.key or "", state(each.ended), each.path)
            for each in every
        ],
    )


def state(ended: "Ended | None") -> str:
    """Say how a program is."""
    if ended is None:
        return "runs"
    if ended.timed_out:
        return "its time was over"
    return f"exit code {ended.exit_code}" if ended.signal is None else f"signal {ended.signal}"


def document(job: "JobStatus") -> "JSON":
    """Tell a program as ``--json`` does."""
    ended = job.ended
    return {
        "job": job.name,
        "pid": job.pid,
        "key": job.key,
        "path": job.path,
        "running": ended is None,
        "exit-code": None if ended is None else ended.exit_code,
        "signal": None if ended is None else ended.signal,
        "timed-out": ended is not None and ended.timed_out,
    }
