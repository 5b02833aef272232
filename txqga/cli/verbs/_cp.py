"""``txqga cp``: files and folders, into a guest and out of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from txqga._guest_name import NAME
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._names import PLACE
from txqga.cli._place import RATE, SIZE, Place, place_of
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from txqga.files import Report


@verb(
    "cp",
    examples="""
    txqga cp app.tar db1:/srv/
    txqga cp db1:/var/log/syslog .
    txqga cp -r site db1:/var/www/site
    pg_dump shop | gzip | txqga cp - db1:/srv/shop.gz
    txqga cp --resume --rate 10M image.qcow2 db1:/srv/image.qcow2
    txqga --connect vsock:3:1024 cp :/etc/os-release -
    """,
)
@click.argument("source", type=PLACE)
@click.argument("target", type=PLACE)
@click.option("--recursive", "-r", is_flag=True, help="A folder: all in it, into folder TARGET.")
@click.option("--resume", is_flag=True, help="Go on where a copy ended that was to be resumed.")
@click.option("--verify/--no-verify", default=True, help="Compare the copy, by SHA-256: usual.")
@click.option("--keep/--no-keep", default=True, help="Keep the mode and the time: usual.")
@click.option("--rate", type=RATE, metavar="SIZE", help="Octets per second at most, such as 10M.")
@click.option("--most", type=SIZE, metavar="SIZE", help="Octets that may come out of a guest.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
async def cp(
    run: Run,
    source: str,
    target: str,
    recursive: bool,
    resume: bool,
    verify: bool,
    keep: bool,
    rate: int | None,
    most: int | None,
    quiet: bool,
) -> int:
    """
    Copy SOURCE to TARGET, one of which is GUEST:PATH, or :PATH with --connect.

    The copy appears under its name when it is whole and known to be good. A TARGET that ends with a
    slash, or is a folder here, is where to put it. - is standard input, or output.

    What of a folder cannot be copied is told on stderr, the rest is copied, and the exit status
    is 1.
    """
    from txqga.cli._copying import advised, document, notes, progress

    here, there = place_of(source), place_of(target)
    if here.is_here == there.is_here:
        which = "SOURCE and TARGET are both here" if here.is_here else "both are in guests"
        raise Complaint("usage", f"{which}: one of them is GUEST:PATH", Exit.USAGE)
    if recursive and (here.is_stream or there.is_stream):
        raise Complaint("usage", "a stream is no folder", Exit.USAGE)
    there = _into(here, there, recursive)
    options: dict[str, Any] = {"recursive": recursive, "resume": resume, "rate": rate}
    options |= {"verify": verify and not there.is_stream, "keep": keep}
    name = (there if here.is_here else here).guest
    try:
        async with run.guest(_named(run, name)) as guest:
            with progress(run.out.stderr, quiet=quiet or run.out.json) as options["progress"]:
                if here.is_here:
                    stream: Any = sys.stdin.buffer if here.is_stream else here.path
                    report = await guest.push(stream, there.path, **options)
                else:
                    to: Any = _stdout(run) if there.is_stream else there.path
                    report = await guest.pull(here.path, to, most=most, **options)
    except Exception as why:
        complaint = advised(why)
        if complaint is None:
            raise
        raise complaint from why
    if not (run.out.json and there.is_stream):
        run.out.tell(document(report), *_lines(report, there))
    if not quiet:
        for each in notes(report, verify=options["verify"], stream=there.is_stream):
            run.out.note(each)
    return Exit.REFUSED if report.skipped else Exit.GOOD


def _into(here: Place, there: Place, recursive: bool) -> Place:
    """Say what the copy is to be called."""
    is_folder = there.is_folder
    if there.is_here and not there.is_stream and not recursive:
        is_folder = is_folder or Path(there.path).is_dir()
    if not is_folder:
        return there
    if here.is_stream or not here.name:
        raise Complaint("usage", f"what shall it be called in {there.path or '/'}?", Exit.USAGE)
    return there.below(here.name)


def _named(run: Run, name: str | None) -> str | None:
    """Name the guest; with ``--connect`` there is nothing to name."""
    if run.where.is_direct:
        if name:
            words = f"with --connect the guest is named already: :PATH, and not {name}:PATH"
            raise Complaint("usage", words, Exit.USAGE)
        return None
    if not name:
        raise Complaint("usage", "which guest? GUEST:PATH is expected", Exit.USAGE)
    if not NAME.fullmatch(name):
        raise Complaint("usage", f"no guest can be called {name!r}", Exit.USAGE)
    return name


def _stdout(run: Run) -> Any:
    from txqga.cli._octets import octets

    return octets(run.out.stdout)


def _lines(report: "Report", there: Place) -> list[str]:
    if not report.skipped and not report.folders:
        return []  # as with cp, no news is good news
    folders = f", {report.folders} folders, {report.links} links"
    return [f"{report.files} files{folders}: {report.octets} octets"] if there.is_here else []
