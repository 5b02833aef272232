"""How far a copy is, for who looks at a terminal; and what became of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from txqga.cli._complaint import Complaint, complaint_of
from txqga.cli._shown import shown

if TYPE_CHECKING:
    from txqga.files import Progress, Report
    from txqga.wire import JSON

#: Names that were skipped and are told one by one.
MOST = 100


#: What to do about what stands in the way.
_ADVICE = {
    "Is a directory": "say --recursive",
    "it is a folder": "say --recursive",
    "there is a folder of that name": "let TARGET end with a slash to put it there",
}


class Tell(Protocol):
    """Is told how far it is."""

    def __call__(self, progress: "Progress", /) -> object:
        """Show it."""


def progress(stderr: TextIO, *, quiet: bool) -> "AbstractContextManager[Tell | None]":
    """
    Show how far a copy is, for as long as the ``with``; nothing where nobody looks.

    :param quiet: show nothing.
    """
    return nullcontext() if quiet or not stderr.isatty() else _bar(stderr)


@contextmanager
def _bar(stderr: TextIO) -> Iterator[Tell]:
    from rich import progress as bars
    from rich.console import Console

    columns: list[Any] = [
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.DownloadColumn(binary_units=True),
        bars.TransferSpeedColumn(),
        bars.TimeRemainingColumn(),
    ]
    console = Console(file=stderr, markup=False, highlight=False)
    with bars.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(told: "Progress") -> None:
            files = f" ({told.files + 1}/{told.total_files})" if told.total_files > 1 else ""
            name = f"{shown(told.name)[-40:]}{files}"
            bar.update(task, description=name, completed=told.octets, total=told.total)

        yield tell


def document(report: "Report") -> "JSON":
    """Tell a copy as ``--json`` does."""
    return {
        "octets": report.octets,
        "resumed": report.resumed,
        "files": report.files,
        "folders": report.folders,
        "links": report.links,
        "seconds": round(report.seconds, 3),
        "digest": report.digest,
        "verified": sorted(each.value for each in report.verified),
        "in-place": report.in_place,
        "skipped": [{"name": each.name, "why": each.why} for each in report.skipped],
        "lost": [{"name": each.name, "why": each.why} for each in report.lost],
    }


def notes(report: "Report", *, verify: bool, stream: bool = False) -> list[str]:
    """
    Say what is not as it was asked for.

    :param verify: whether it should have been compared.
    :param stream: whether it went to a stream, which takes what comes.
    """
    found = []
    if report.in_place and not stream:
        found.append("it was written where it belongs: what was there before is gone all the same")
    if verify and report.files and not report.is_verified:
        found.append("the copy was not compared: what it is of is not the same twice")
    listed = [*report.skipped, *report.lost]
    found += [str(each) for each in listed[:MOST]]
    if len(listed) > MOST:
        found.append(f"and {len(listed) - MOST} more")
    return found


def advised(why: Exception) -> Complaint | None:
    """Say what a copy ended with, and what to do; None for what only a mistake of ours can be."""
    complaint = None if isinstance(why, BrokenPipeError) else complaint_of(why)
    if complaint is not None:
        found = [advice for words, advice in _ADVICE.items() if words in complaint.words]
        complaint.words = ": ".join((complaint.words, *found[:1]))
    return complaint
