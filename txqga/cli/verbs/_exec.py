"""``txqga exec``: a program of a guest, as if it ran here."""

from base64 import b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._names import GUEST
from txqga.cli._seconds import SECONDS
from txqga.cli._verb import Run, Verb, verb

if TYPE_CHECKING:
    from txqga.cli._stdin import Stdin
    from txqga.exec import Exec, Result
    from txqga.wire import JSON


class ExecVerb(Verb):
    """The verb, which tells whoever forgets the dashes where they belong."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the verb."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as why:
            if "--" in args:
                raise
            words = f"{why.format_message()} If it is COMMAND's: that stands behind --"
            raise click.UsageError(words, ctx) from why


@verb(
    "exec",
    cls=ExecVerb,
    examples="""
    txqga exec db1 -- uname -a
    txqga exec db1 -- sh -c 'for i in 1 2 3; do echo $i; sleep 1; done'
    txqga exec db1 --cwd /srv --env LANG=C --timeout 60 -- make check
    pg_dump shop | txqga exec db1 -- psql shop
    txqga exec db1 --detach --key nightly -- /usr/local/bin/backup
    """,
)
@click.argument("guest", type=GUEST)
@click.argument("command", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option(
    "--env", "-e", multiple=True, metavar="NAME=VALUE", help="A variable; may be said again."
)
@click.option("--only-env", is_flag=True, help="No variables of the agent's own, only --env.")
@click.option("--cwd", "-C", metavar="FOLDER", help="Its working directory in the guest.")
@click.option(
    "--timeout",
    "time_out",
    type=SECONDS,
    metavar="SECONDS",
    help="Kill it after that; the exit status is 124.",
)
@click.option("--no-input", "-n", is_flag=True, help="It reads nothing, not what is typed here.")
@click.option("--merge", is_flag=True, help="Standard error is joined to standard output.")
@click.option("--detach", "-d", is_flag=True, help="Start it, say how it is found, and leave it.")
@click.option("--key", help="A name for it, where the agent streams: started once, found again.")
@click.option("--raw", is_flag=True, help="Let what it says have its way with this terminal.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of what this agent cannot do.")
async def exec_(
    run: Run,
    guest: str | None,
    command: Sequence[str],
    env: Sequence[str],
    only_env: bool,
    cwd: str | None,
    time_out: float | None,
    no_input: bool,
    merge: bool,
    detach: bool,
    key: str | None,
    raw: bool,
    quiet: bool,
) -> int:
    """
    Run COMMAND in GUEST as if it ran here.

    What it says comes as it says it, what is typed or piped here is what it reads, Ctrl-C
    interrupts it, and its exit status is that of txqga: 128 and the number where a signal ended it.
    No shell is involved, unless COMMAND is one. 124, 125, 126 and 127 say that it did not run to
    its end.

    Agents that cannot stream (all but ours) are given all input at once, and on Windows they tell
    what a program says at its end; a note on stderr says so.

    With --json the answer is one object, with what the program has said.
    """
    from txqga.cli._program import not_started
    from txqga.exec import Exec

    program = {**_program(command, _variables(env), only_env), "cwd": cwd, "merge": merge}
    program["time_out"] = time_out
    stdin = None if no_input or detach else _stdin(run)
    try:
        async with run.guest(guest) as found:
            programs = Exec(run.reactor, found)
            if detach:
                return await _detached(run, programs, found.name, {**program, "key": key})
            if run.out.json:
                return await _whole(run, programs, found.name, program, stdin)
            program["key"] = key
            return await _followed(run, programs, program, stdin, raw=raw, quiet=quiet)
    except Exception as why:
        complaint = not_started(why)
        if complaint is None:
            raise
        raise complaint from why


async def _detached(run: Run, programs: "Exec", guest: str, program: dict[str, Any]) -> int:
    running = await programs.start(**program, detached=True)
    running.let_go()
    streams = running.way.value == "streamed"
    value: JSON = {"guest": guest, "job": running.name, "pid": running.pid}
    run.out.tell({**value, "way": running.way.value}, running.name)
    if not streams:
        run.out.note(
            "this agent keeps no list of programs: what it says and how it ends is told to nobody, "
            "but to who asks for this pid on the same connection"
        )
    return Exit.GOOD


async def _whole(
    run: Run, programs: "Exec", guest: str, program: dict[str, Any], stdin: "Stdin | None"
) -> int:
    from txqga.cli._program import status_of

    given = b"" if stdin is None or stdin.is_terminal else await _all_of(stdin)
    done = await programs.run(**program, input=given)
    status = status_of(done)
    run.out.tell(document(guest, done, status))
    return status


async def _followed(
    run: Run,
    programs: "Exec",
    program: dict[str, Any],
    stdin: "Stdin | None",
    *,
    raw: bool,
    quiet: bool,
) -> int:
    from txqga.cli._octets import octets
    from txqga.cli._program import follow, status_of

    streams = (await programs.ways())[0].value == "streamed"
    given = b""
    if not streams:
        if not quiet:
            run.out.note(_degrading(stdin))
        if stdin is not None and not stdin.is_terminal:
            given = await _all_of(stdin)
        stdin = None
    out, err = octets(run.out.stdout, raw=raw), octets(run.out.stderr, raw=raw)
    running = await programs.start(
        **program,
        input=given,
        stdin=stdin is not None,
        stdout=out.write,
        stderr=err.write,
    )
    done = await follow(run.reactor, running, stdin)
    out.flush()
    err.flush()
    if not quiet:
        for each in cut(done):
            run.out.note(each)
    return status_of(done)


def document(guest: str, done: "Result", status: int) -> "JSON":
    """Tell a program that has ended as ``--json`` does."""
    told: dict[str, JSON] = {
        "guest": guest,
        "exit-code": done.exit_code,
        "signal": done.signal,
        "timed-out": done.timed_out,
        "status": status,
        "way": done.way.value,
        "truncated": done.out_truncated or done.err_truncated,
    }
    for name, said in (("stdout", done.stdout), ("stderr", done.stderr)):
        try:
            told[name] = said.decode("utf-8")
        except UnicodeDecodeError:
            told[f"{name}-b64"] = b64encode(said).decode("ascii")
    return told


def cut(done: "Result") -> list[str]:
    """Say what is missing of what a program has said."""
    streams = {"standard output": done.out_truncated, "standard error": done.err_truncated}
    return [f"the end of its {name} is missing" for name, is_cut in streams.items() if is_cut]


def _program(command: Sequence[str], variables: dict[str, str], only_env: bool) -> dict[str, Any]:
    path, *args = command
    return {"path": path, "args": args, "env" if only_env else "add_env": variables}


def _variables(words: Sequence[str]) -> dict[str, str]:
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise Complaint("usage", f"--env {word}: NAME=VALUE is expected", Exit.USAGE)
        found[name] = value
    return found


def _stdin(run: Run) -> "Stdin | None":
    from txqga.cli._stdin import stdin_of

    return stdin_of(run.reactor)


async def _all_of(stdin: "Stdin") -> bytes:
    from txqga.cli._stdin import TooMuch

    try:
        return await stdin.read_all()
    except TooMuch as why:
        words = f"{why}, and this guest can only be given all of it at once"
        raise Complaint("too-much-input", words, Exit.OURS) from why


def _degrading(stdin: "Stdin | None") -> str:
    words = "this agent cannot stream: the program is heard by way of files, or at its end"
    if stdin is None:
        return words
    if stdin.is_terminal:
        return f"{words}; it reads nothing of what is typed here"
    return f"{words}; its input is read to the end first"
