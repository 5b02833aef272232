"""Names that the shell can complete: guests, and commands."""

from typing import Any

import click
from click.shell_completion import CompletionItem

from txqga.cli._where import where_of


class GuestName(click.types.StringParamType):
    """The name of a guest of the mux."""

    name = "guest"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List the guests that have a socket."""
        said: dict[str, Any] = {} if ctx.parent is None else ctx.parent.params
        try:
            names = where_of(None, said.get("mux"), said.get("control")).guests()
        except OSError:
            return []
        return [CompletionItem(each) for each in names if each.startswith(incomplete)]


class CommandName(click.types.StringParamType):
    """The name of a command of an agent."""

    name = "command"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List the commands of the schema, with what they do."""
        from txqga.schema import extended

        return [
            CompletionItem(name, help=command.doc.text.partition(".")[0].replace("\n", " "))
            for name, command in extended().commands.items()
            if name.startswith(incomplete)
        ]


GUEST = GuestName()
COMMAND = CommandName()
