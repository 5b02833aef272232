"""``txqga completion``: what makes a shell complete verbs, guests and commands."""

import click
from click.shell_completion import get_completion_class

from txqga.cli._verb import Verb

SHELLS = ("bash", "zsh", "fish")

#: Behind ``GUEST:`` and ``key=`` a word goes on: bash and zsh are told so, fish sees it.
_GOES_ON = {
    "COMPREPLY+=($value)\n": """\
COMPREPLY+=($value)
            [[ $value == *[:=] ]] && compopt -o nospace
""",
    '        if [[ "$type" == "plain" ]]; then\n            if [[ "$descr"': """\
        if [[ "$type" == "plain" && "$key" == *[:=] ]]; then
            if [[ "$descr" == "_" ]]; then
                compadd -U -V unsorted -S '' -- "$key"
            else
                local -a going_on=("$key":"$descr")
                _describe -V unsorted going_on -U -S ''
            fi
        elif [[ "$type" == "plain" ]]; then
            if [[ "$descr\"""",
}


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
    for plain, goes_on in _GOES_ON.items():
        source = source.replace(plain, goes_on)
    click.echo(source)
