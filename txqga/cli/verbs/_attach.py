"""``txqga attach``: a program that a guest was left to run, followed to its end."""

import click
from attrs import evolve

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb


@verb(
    "attach",
    examples="""
    txqga attach db1 b5bb9d8014a0f9b1
    txqga attach db1 nightly
    """,
)
@click.argument("guest", type=GUEST)
@click.argument("job")
@click.option("--raw", is_flag=True, help="Let what it says have its way with this terminal.")
async def attach(run: Run, guest: str | None, job: str, raw: bool) -> int:
    """
    Follow a program of GUEST that was started with "exec --detach", to its end.

    JOB is what that has said, or the key that the program was given. What the program has said
    since somebody listened comes first. Ctrl-C leaves it running; the exit status is otherwise that
    of "exec".
    """
    from txqga.cli._octets import octets
    from txqga.cli._program import not_started, status_of
    from txqga.cli.verbs._exec import cut, document
    from txqga.exec import Exec

    try:
        async with run.guest(guest) as found:
            programs = Exec(run.reactor, found)
            if run.out.json:
                out, err = bytearray(), bytearray()
                running = await programs.attach(job, stdout=out.extend, stderr=err.extend)
                done = evolve(await running.wait(), stdout=bytes(out), stderr=bytes(err))
                run.out.tell(document(found.name, done, status_of(done)))
                return status_of(done)
            sinks = octets(run.out.stdout, raw=raw), octets(run.out.stderr, raw=raw)
            running = await programs.attach(job, stdout=sinks[0].write, stderr=sinks[1].write)
            done = await running.wait()
            for sink in sinks:
                sink.flush()
            for each in cut(done):
                run.out.note(each)
            return status_of(done)
    except Exception as why:
        complaint = not_started(why)
        if complaint is None:
            raise
        raise complaint from why
