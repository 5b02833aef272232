"""``txqga call``: any command of an agent."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._names import ARGUMENT, COMMAND, GUEST
from txqga.cli._verb import Run, Verb, verb

if TYPE_CHECKING:
    from txqga.guest import Guest
    from txqga.wire import JSON


class Call(Verb):
    """The verb, whose help is that of the command where one is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the verb."""
        if not ctx.resilient_parsing and not {*args}.isdisjoint(ctx.help_option_names):
            from txqga.cli._command_help import command_help
            from txqga.schema import extended

            schema = extended()
            for word in args:
                if word in schema.commands:
                    click.echo(command_help(schema, schema.commands[word]))
                    ctx.exit()
        return super().parse_args(ctx, args)


@verb(
    "call",
    cls=Call,
    examples="""
    txqga call db1 guest-get-osinfo
    txqga call db1 guest-file-open path=/etc/hostname mode=r
    txqga call db1 guest-exec path=ls arg=-l arg=/ capture-output=true
    txqga call db1 guest-set-vcpus vcpus.0.logical-id=1 vcpus.0.online=false
    txqga call db1 acme-do 'what:={"deep": [1, 2]}'
    txqga call db1 guest-exec --help
    """,
)
@click.argument("guest", type=GUEST)
@click.argument("command", type=COMMAND)
@click.argument("arguments", nargs=-1, type=ARGUMENT, metavar="[KEY=VALUE]...")
@click.option("--unchecked", is_flag=True, help="Send the arguments even if they do not fit.")
async def call(
    run: Run, guest: str | None, command: str, arguments: tuple[str, ...], unchecked: bool
) -> None:
    """
    Call COMMAND of the agent of GUEST, and print what it returns: JSON.

    Arguments are checked against the schema before anything is sent. What a command takes and
    returns is told with --help behind its name, or by `txqga help COMMAND`.

    A VALUE is read as the schema says. KEY:=JSON gives JSON as it is, a.b=VALUE is a part of an
    object, a.0=VALUE of a list; a list of plain values may be said one by one.
    """
    from txqga.cli._arguments import arguments_of
    from txqga.schema import check, extended

    schema = extended()
    described = schema.commands.get(command)
    given: dict[str, Any] = arguments_of(schema, described, arguments)
    if described is None:
        like = get_close_matches(command, schema.commands, 1)
        words = f" (is it {like[0]}?)" if like else ""
        run.out.note(f"the schema has no {command}{words}; its arguments are sent as they are")
    elif not unchecked:
        given = check(schema, described, given)
    async with run.callee(guest) as found:
        run.out.document(await _ask(run, found, command, given))


async def _ask(run: Run, guest: "Guest", command: str, given: "dict[str, JSON]") -> "JSON":
    from txqga.errors import OutcomeUnknown

    described = guest.schema.commands.get(command)
    try:
        return await guest.call(command, given, deadline=run.timeout)
    except OutcomeUnknown:
        if described is None or described.success_response:
            raise
        run.out.note(f"{command} was sent, and not refused: there is no reply when it works")
        return {}
