"""
A folder with all that is below it, copied one way or the other.

What cannot be copied is told in the end, and the rest is. Folders are made first, links last, when
nothing can go through them any more; and the folders' modes and times are kept after all that is in
them.
"""

from collections.abc import Iterable
from typing import Protocol

from attrs import define, field

from txqga.files._names import is_beside, shown
from txqga.files._progress import Meter
from txqga.files._report import Report, together
from txqga.files._skips import Skips
from txqga.files._system import Entry, Kind
from txqga.files._target import PART


class Steps(Protocol):
    """What is done with each thing in the folder; what it raises is of this thing only."""

    async def make(self, entry: Entry) -> None:
        """Make a folder."""

    async def copy(self, entry: Entry) -> Report:
        """Copy a file."""

    async def link(self, entry: Entry) -> None:
        """Make a symbolic link."""

    async def settle(self, entry: Entry) -> None:
        """Give a folder its mode and its time."""


@define(kw_only=True)
class TreeCopy:
    """
    A folder with all that is below it.

    :param resume: whether parts of files are kept, each under a name beside the file: what has such
        a name already would be taken for one, and is left out.
    :param keep: whether folders get the mode and the time that they have on the other side.
    """

    steps: Steps
    meter: Meter
    skips: Skips
    keep: bool
    resume: bool = False
    _reports: list[Report] = field(factory=list, init=False)

    async def run(self, entries: Iterable[Entry]) -> Report:
        """Copy it: what is sound of it, sorted."""
        folders, files, links = (
            [each for each in entries if each.stat.kind is kind]
            for kind in (Kind.FOLDER, Kind.FILE, Kind.LINK)
        )
        did, steps = self.skips.did, self.steps
        made = [each for each in folders if await did(each.names, steps.make(each))]
        for each in files:
            if self.resume and is_beside(each.names[-1], PART):
                self.skips.add(each.names, "it has the name of what is kept of a copy")
            else:
                await did(each.names, self._copy(each))
        linked = [each for each in links if await did(each.names, steps.link(each))]
        if self.keep:
            for each in reversed(made):  # what is in one is settled before it
                await did(each.names, steps.settle(each))
        return together(
            self._reports, folders=len(made), links=len(linked), skipped=self.skips.told
        )

    async def _copy(self, entry: Entry) -> None:
        self.meter.name = shown("/".join(entry.names))
        before = self.meter.octets
        try:
            self._reports.append(await self.steps.copy(entry))
        except Exception:
            self.meter.octets = before
            raise
        self.meter.finished()
