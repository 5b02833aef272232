"""``txqga`` itself: the options that stand before a verb, and where verbs are found."""

import re
from difflib import get_close_matches
from importlib import import_module

import click

from txqga import __version__
from txqga.cli._exits import MEANINGS
from txqga.cli._seconds import SECONDS
from txqga.cli._verb import SETTINGS, Asked
from txqga.cli._where import where_of
from txqga.cli.verbs import VERBS


class Group(click.Group):
    """A group whose verbs are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs, in the order in which they are of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Find a verb."""
        if name not in VERBS:
            return None
        module, attribute = VERBS[name]
        found = getattr(import_module(f"txqga.cli.verbs.{module}"), attribute)
        if not isinstance(found, click.Command):
            raise TypeError(f"{module}.{attribute} is no verb")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a verb, or say which one it may have been."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as why:
            like = get_close_matches(args[0], VERBS, 3)
            if not like:
                raise
            words = f"{why.format_message()} Is it {' or '.join(like)}?"
            raise click.UsageError(words, ctx) from why

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say of each verb what it does: its first sentence, whole."""
        rows = []
        for name in self.list_commands(ctx):
            found = self.get_command(ctx, name)
            if found is not None:
                rows.append((name, sentence(found.help or "")))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what the exit status says."""
        with formatter.section("Exit status"):
            formatter.write_dl([(str(int(each)), words) for each, words in MEANINGS.items()])


def sentence(text: str) -> str:
    """Give the first sentence of a help text."""
    words = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.:;])\s", words)[0].rstrip(".:;")


@click.group("txqga", cls=Group, context_settings=dict(SETTINGS))
@click.option(
    "--connect",
    "-c",
    metavar="ENDPOINT",
    help="Ask the agent at this path of a socket, or Twisted endpoint, such as "
    "unix:/run/qga/db1.sock or vsock:3:1024. Then no verb takes the name of a GUEST.",
)
@click.option(
    "--mux",
    metavar="FOLDER",
    help="Where the mux has the sockets of its guests, or its control socket. "
    "Default: TXQGA_MUX, else /run/txqga.",
)
@click.option(
    "--control",
    metavar="WHERE",
    help="The mux's control interface: its socket, or https://HOST:PORT. "
    "Default: TXQGA_CONTROL, else control.http in the mux's folder.",
)
@click.option(
    "--token-file",
    metavar="FILE",
    help="The token that says who asks over a network, in a file that nobody else may read. "
    "Default: TXQGA_TOKEN_FILE; or the token itself is TXQGA_TOKEN.",
)
@click.option(
    "--ca",
    metavar="FILE",
    help="Whose certificates are believed over https, in PEM. "
    "Default: TXQGA_CA, else the authorities that this host knows.",
)
@click.option(
    "--cert",
    metavar="FILE",
    help="The certificate that says who asks over https, in PEM. Default: TXQGA_CERT.",
)
@click.option(
    "--key",
    metavar="FILE",
    help="Its key, in a file that nobody else may read. "
    "Default: TXQGA_KEY, else it is in the file of the certificate.",
)
@click.option("--json", is_flag=True, help="Answer in JSON, errors too.")
@click.option(
    "--timeout",
    type=SECONDS,
    metavar="SECONDS",
    help="How long an answer may take.",
)
@click.version_option(__version__, prog_name="txqga")
@click.pass_context
def cli(
    ctx: click.Context,
    connect: str | None,
    mux: str | None,
    control: str | None,
    token_file: str | None,
    ca: str | None,
    cert: str | None,
    key: str | None,
    json: bool,
    timeout: float | None,
) -> None:
    """
    Virtual machines, through their guest agents.

    A GUEST is one of the mux's on this host; with --connect it is the agent there, and the name is
    left out.
    """
    where = where_of(connect, mux, control, token_file=token_file, ca=ca, cert=cert, key=key)
    ctx.obj = Asked(where, json, timeout)
