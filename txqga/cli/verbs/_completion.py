"""``txqga completion``: what makes a shell complete verbs, guests and commands."""

import click
from click.shell_completion import get_completion_class

from txqga.cli._verb import Verb

SHELLS = ("bash", "zsh", "fish")

#: Behind ``GUEST:`` and ``key=`` a word goes on: bash is told so, zsh and fish see it.
_PLAIN = "COMPREPLY+=($value)\n"
_GOES_ON = "            [[ $value == *[:=] ]] && compopt -o nospace\n"


@click.command(
    "completion",
    cls=Verb,
    examples="""
    source <(txqga completion bash)
    txqga completion zsh > ~/.zfunc/_txqga
    txqga completion fish > ~/.config/fish/completions/txqga.fish
    """,
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes SHELL complete verbs, options, guests, and commands of agents."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no {shell}")
    root = ctx.find_root().command
    source = kind(root, {}, "txqga", "_TXQGA_COMPLETE").source()
    click.echo(source.replace(_PLAIN, _PLAIN + _GOES_ON))
