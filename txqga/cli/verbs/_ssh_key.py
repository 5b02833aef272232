"""``txqga ssh-key``: the keys that may log in to a guest."""

from collections.abc import Sequence
from typing import Any

import click

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._names import GUEST
from txqga.cli._verb import SETTINGS, Run, verb


class Lines(click.File):
    """A file, read to its end before anything else is done: who types can still say no."""

    def convert(  # type: ignore[override]  # lines, and not the file
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sequence[str]:
        """Read it."""
        if isinstance(value, list | tuple):
            return value  # nothing was said
        file = super().convert(value, param, ctx)
        try:
            return [str(each) for each in file.read().splitlines()]
        except UnicodeDecodeError:
            self.fail(f"{value!r} is no text", param, ctx)


KEYS = Lines()


@click.group("ssh-key", context_settings=dict(SETTINGS))
def ssh_key() -> None:
    """List, add and remove the SSH keys that may log in to a guest."""


@verb("list", examples="txqga ssh-key list db1 root")
@click.argument("guest", type=GUEST)
@click.argument("user")
async def list_(run: Run, guest: str | None, user: str) -> None:
    """List the keys that USER of GUEST may log in with: the file authorized_keys."""
    async with run.callee(guest) as found:
        keys = list((await found.ssh_get_authorized_keys(user)).keys)
        run.out.tell({"guest": found.name, "user": user, "keys": keys}, *keys)


@verb(
    "add",
    examples="""
    txqga ssh-key add db1 root --file ~/.ssh/id_ed25519.pub
    txqga ssh-key add db1 root 'ssh-ed25519 AAAAC3Nz... me@host'
    ssh-add -L | txqga ssh-key add db1 root --file -
    """,
)
@click.argument("guest", type=GUEST)
@click.argument("user")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--file", "-f", type=KEYS, default=(), help="Read keys there, one a line; - is stdin")
@click.option("--only", is_flag=True, help="Remove all other keys of the user.")
async def add(
    run: Run,
    guest: str | None,
    user: str,
    keys: tuple[str, ...],
    file: Sequence[str],
    only: bool,
) -> None:
    """Let whoever has one of these keys log in as USER of GUEST."""
    wanted = keys_of(keys, file)
    async with run.callee(guest) as found:
        await found.ssh_add_authorized_keys(user, wanted, reset=only or None)
        told = {"guest": found.name, "user": user, "added": len(wanted)}
        run.out.tell(told, f"{user} of {found.name} may log in with {_number(wanted)}")


@verb(
    "remove",
    examples="""
    txqga ssh-key remove db1 root --file ~/.ssh/id_ed25519.pub
    txqga ssh-key remove db1 root 'ssh-ed25519 AAAAC3Nz... me@host'
    """,
)
@click.argument("guest", type=GUEST)
@click.argument("user")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--file", "-f", type=KEYS, default=(), help="Read keys there, one a line; - is stdin")
async def remove(
    run: Run, guest: str | None, user: str, keys: tuple[str, ...], file: Sequence[str]
) -> None:
    """
    Let nobody log in as USER of GUEST with one of these keys.

    A key is a whole line, as `txqga ssh-key list` shows it.
    """
    wanted = keys_of(keys, file)
    async with run.callee(guest) as found:
        await found.ssh_remove_authorized_keys(user, wanted)
        told = {"guest": found.name, "user": user, "removed": len(wanted)}
        run.out.tell(told, f"{user} of {found.name} may not log in with {_number(wanted)}")


def keys_of(said: Sequence[str], file: Sequence[str]) -> list[str]:
    """
    Gather keys from the command line and the lines of a file; empty ones and comments are none.

    :raise Complaint: there is none, or one has several lines.
    """
    found = [*said, *(line.strip() for line in file)]
    found = [each for each in found if each and not each.startswith("#")]
    if not found:
        raise Complaint("usage", "say a key, or a --file with keys", Exit.USAGE)
    for each in found:
        if not each.isprintable():
            raise Complaint("usage", f"{each!r} is no key: a key is one line", Exit.USAGE)
    return found


def _number(keys: list[str]) -> str:
    return "this key" if len(keys) == 1 else f"these {len(keys)} keys"


for _each in (list_, add, remove):
    ssh_key.add_command(_each)
