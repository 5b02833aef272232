"""``txqga help``: of a verb, or of a command of agents."""

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._names import TOPIC
from txqga.cli._verb import Verb


@click.command(
    "help",
    cls=Verb,
    examples="""
    txqga help
    txqga help call
    txqga help guest-exec
    txqga help guest-
    """,
)
@click.argument("topic", type=TOPIC, required=False)
@click.pass_context
def help_(ctx: click.Context, topic: str | None) -> None:
    """
    Explain TOPIC: a verb, or a command of agents, or the beginning of several.
    """
    root = ctx.find_root()
    if topic is None:
        click.echo(root.get_help())
        return
    group = root.command
    found = group.get_command(root, topic) if isinstance(group, click.Group) else None
    if found is not None:
        click.echo(found.get_help(click.Context(found, parent=root, info_name=topic)))
        return
    from txqga.cli._command_help import command_help
    from txqga.schema import extended

    commands = extended().commands
    if topic in commands:
        click.echo(command_help(extended(), commands[topic]))
        return
    like = [name for name in commands if topic in name]
    if not like:
        words = f"there is no verb, and no command of agents, like {topic}"
        raise Complaint("usage", words, Exit.USAGE)
    for name in like:
        click.echo(name)
