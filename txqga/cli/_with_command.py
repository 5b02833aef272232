"""A verb that is followed by a command of this host."""

from collections.abc import Sequence

import click

from txqga.cli._verb import Verb


class WithCommand(Verb):
    """
    A verb that takes a command of this host behind ``--``, as the parameter ``command``.

    Everything behind the dashes is the command's, whatever it looks like.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the dashes, and keep what is behind."""
        at = args.index("--") if "--" in args else len(args)
        left = super().parse_args(ctx, args[:at])
        command: Sequence[str] = tuple(args[at + 1 :])
        if not command and not ctx.resilient_parsing:
            raise click.UsageError("which command? It stands behind --", ctx)
        ctx.params["command"] = command
        return left

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Say so in the usage."""
        return [*super().collect_usage_pieces(ctx), "-- COMMAND..."]
