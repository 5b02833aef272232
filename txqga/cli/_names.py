"""Names that the shell can complete: guests, commands of agents, and their arguments."""

import click
from click.shell_completion import CompletionItem

from txqga._guest_name import NAME
from txqga.cli._shown import shown
from txqga.cli._where import where_of


class GuestName(click.types.StringParamType):
    """The name of a guest of the mux."""

    name = "guest"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read one: whatever else it is, it is no path."""
        text = str(super().convert(value, param, ctx))
        if not NAME.fullmatch(text):
            self.fail(f"no guest can be called {shown(text)!r}", param, ctx)
        return text

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List the guests that have a socket."""
        return [CompletionItem(each) for each in _guests(ctx) if each.startswith(incomplete)]


class PlaceName(click.types.StringParamType):
    """A file here, or ``GUEST:PATH``."""

    name = "place"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """
        List the guests, with the colon behind; else leave it to the shell, which knows our files.

        What is in a guest is not listed: nothing may be run there for a key that somebody types.
        """
        if "/" in incomplete or ":" in incomplete:
            return [] if ":" in incomplete else [CompletionItem(incomplete, type="file")]
        names = [CompletionItem(f"{each}:") for each in _guests(ctx) if each.startswith(incomplete)]
        return names or [CompletionItem(incomplete, type="file")]


def _guests(ctx: click.Context) -> list[str]:
    said = ctx.find_root().params
    if said.get("connect") is not None:
        return []
    try:
        return where_of(None, said.get("mux"), said.get("control")).guests()
    except OSError:
        return []


class CommandName(click.types.StringParamType):
    """The name of a command of an agent."""

    name = "command"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List the commands of the schema, with what they do."""
        from txqga.schema import extended

        return [
            CompletionItem(name, help=_sentence(command.doc.text))
            for name, command in extended().commands.items()
            if name.startswith(incomplete)
        ]


class Argument(click.types.StringParamType):
    """An argument of the command that was named before, ``key=value``."""

    name = "argument"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List the arguments of the command, and the values of one that has a few."""
        from txqga.schema import Enum, extended

        command = extended().commands.get(ctx.params.get("command") or "")
        if command is None:
            return []
        key, equals, _ = incomplete.partition("=")
        values: list[tuple[str, str]] = []
        for each in command.arguments:
            defined = extended().definitions.get(str(each.type))
            if not equals:
                values.append((f"{each.name}=", _sentence(each.doc)))
            elif each.name == key and isinstance(defined, Enum):
                values += [(f"{key}={value.name}", value.doc) for value in defined.values]
            elif each.name == key and each.type == "bool":
                values += [(f"{key}={value}", "") for value in ("true", "false")]
        return [
            CompletionItem(word, help=told) for word, told in values if word.startswith(incomplete)
        ]


class Topic(CommandName):
    """What can be explained: a verb, or a command of agents."""

    name = "topic"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List both."""
        root = ctx.find_root()
        verbs = root.command.list_commands(root) if isinstance(root.command, click.Group) else []
        found = [CompletionItem(each) for each in verbs if each.startswith(incomplete)]
        return found + super().shell_complete(ctx, param, incomplete)


def _sentence(text: str) -> str:
    return text.partition(".")[0].replace("\n", " ")


GUEST = GuestName()
PLACE = PlaceName()
COMMAND = CommandName()
ARGUMENT = Argument()
TOPIC = Topic()
