"""``txqga top``: all guests of the mux, live."""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from txqga.cli._complaint import GONE, Complaint
from txqga.cli._glance import HEADS, KEYS, Glance, cells, glances, ordered, round_trips
from txqga.cli._seconds import Seconds
from txqga.cli._shown import shown
from txqga.cli._verb import Run, verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from txqga.cli._glance import RoundTrips

#: Shows how guests are, and what is the matter with that.
Show = Callable[[Sequence[Glance], str], object]


@verb(
    "top",
    examples="""
    txqga top
    txqga top --sort memory --interval 5
    txqga top --once --json | jq '.guests[] | select(.cpu > 0.9)'
    """,
)
@click.option("--once", is_flag=True, help="Say it once, and end.")
@click.option(
    "--interval",
    "-i",
    type=Seconds(0.1),
    default=2.0,
    metavar="SECONDS",
    help="How often it is told anew.",
)
@click.option("--sort", type=click.Choice(KEYS), default="guest", help="The greatest first.")
async def top(run: Run, once: bool, interval: float, sort: str) -> None:
    """
    Show all guests of the mux: processors, load, memory, disks, network, and how long their agents
    take to answer; until Ctrl-C.

    The mux asks the guests, and only where it was told to: with --poll. What is not known is "-".
    With --json each telling is a line; where nobody looks at a terminal it is told once. A mux that
    is started anew is asked again.
    """
    from twisted.internet.defer import CancelledError
    from twisted.internet.task import deferLater

    run.through_mux("top")
    before: RoundTrips | None = None
    every: Sequence[Glance] = ()
    with _screen(run, once) as show:
        while True:
            try:
                guests = await run.control.ask("GET", "guests")
                figures = await run.control.ask("GET", "figures")
                trips = round_trips(await run.control.text("/metrics"))
            except Complaint as why:
                if before is None or why.code not in GONE:
                    raise
                show(every, why.words)
            else:
                if before is None and not figures.get("polls"):
                    run.out.note("this mux does not ask guests how they are: start it with --poll")
                every = ordered(glances(guests, figures, trips, before), sort)
                show(every, "")
                before = trips
            if once or not (run.out.json or run.out.is_terminal):
                return
            try:
                await deferLater(run.reactor, interval)
            except CancelledError:
                return  # so people end it


def document(every: Sequence[Glance]) -> Any:
    """Tell how guests are as ``--json`` does."""
    from attrs import asdict

    return {"guests": [asdict(each) for each in every]}


@contextmanager
def _screen(run: Run, once: bool) -> "Iterator[Show]":
    """Give what shows how guests are."""
    if run.out.json or once or not run.out.is_terminal:
        yield Lines(run).show
        return
    from rich.live import Live

    with Live(console=run.out.console, screen=True, auto_refresh=False) as live:
        yield lambda every, matter: live.update(_table(every, matter), refresh=True)


class Lines:
    """Shows how guests are where no terminal is; and once that nobody knows it any more."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._matter = ""

    def show(self, every: Sequence[Glance], matter: str) -> None:
        """Show it."""
        if not matter:
            self._run.out.table(document(every), HEADS, list(map(cells, every)))
        elif not self._matter:
            self._run.out.note(matter)
        self._matter = matter


def _table(every: Sequence[Glance], matter: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    caption = Text(shown(matter)) if matter else None
    table = Table(
        box=None, pad_edge=False, header_style="bold", caption=caption, caption_justify="left"
    )
    for head in HEADS:
        table.add_column(head.upper(), justify="left" if head in HEADS[:2] else "right")
    for each in every:
        style = "" if each.state in ("ready", "busy") else "dim"
        table.add_row(*(Text(shown(cell)) for cell in cells(each)), style=style)
    return table
