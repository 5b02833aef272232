"""``txqga cat``: what is in files of a guest."""

from collections.abc import Sequence

import click

from txqga.cli._names import GUEST
from txqga.cli._place import SIZE
from txqga.cli._verb import Run, verb

#: Octets of a file that is told in JSON, unless ``--most`` says otherwise.
LARGEST = 64 << 20


@verb(
    "cat",
    examples="""
    txqga cat db1 /etc/os-release
    txqga cat db1 /proc/loadavg /proc/meminfo
    txqga --connect unix:/run/qga/db1.sock cat /etc/hostname
    """,
)
@click.argument("guest", type=GUEST)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--most", type=SIZE, metavar="SIZE", help="Octets that each may be of.")
@click.option("--raw", is_flag=True, help="Let what is in them have its way with this terminal.")
async def cat(
    run: Run, guest: str | None, paths: Sequence[str], most: int | None, raw: bool
) -> None:
    """
    Write what is in files of GUEST to standard output.

    On a terminal control characters are made visible. With --json each file is an object.
    """
    from io import BytesIO

    from txqga.cli._octets import octets

    async with run.guest(guest) as found:
        for path in paths:
            if run.out.json:
                kept = BytesIO()
                await found.pull(path, kept, verify=False, keep=False, most=most or LARGEST)
                run.out.tell({"guest": found.name, "path": path, **told(kept.getvalue())})
            else:
                out = octets(run.out.stdout, raw=raw)
                await found.pull(path, out, verify=False, keep=False, most=most)


def told(data: bytes) -> dict[str, str]:
    """Tell octets in JSON: as text where they are, and else in base64."""
    from base64 import b64encode

    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode("ascii")}
