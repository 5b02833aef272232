"""What is read in guests and happens to them, gathered into batches for one platform."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from attrs import frozen
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.monitor._snapshot import Reading
from txqga.monitor.sinks._form import Form
from txqga.monitor.sinks._spool import Spool
from txqga.mux import Event

#: Samples after which a batch is closed before its time.
MOST = 5000


@frozen(kw_only=True)
class Gathering:
    """What is gathered for a platform."""

    form: Form  #: what the platform takes
    every: float  #: seconds after which a batch is closed
    wants: Callable[[str], bool]  #: whether a guest belongs to it, by its name


class Gatherer:
    """
    Gathers for one platform.

    A batch has the name of this life of the mux, and a number: by both a receiver can tell one that
    it has got before.
    """

    def __init__(
        self,
        clock: IReactorTime,
        gathering: Gathering,
        spool: Spool,
        filled: Callable[[], object],
        wall: Callable[[], float],
    ) -> None:
        """
        :param filled: called when there is one more batch in the spool.
        :param wall: tells the time since the epoch, in seconds.
        """
        self._clock = clock
        self._gathering = gathering
        self._spool = spool
        self._filled = filled
        self._wall = wall
        self.stream = f"{_begin(spool.last, wall()):012x}-{token_hex(4)}"
        self._number = 0
        self._entries: list[Any] = []
        self._samples = 0
        self._timer: IDelayedCall | None = None

    def taken(self, guest: str, datum: str, reading: Reading) -> None:
        """Take what was read in a guest."""
        if self._gathering.wants(guest) and reading.samples:
            entry = self._gathering.form.reading(guest, reading)
            self._add(entry, len(reading.samples))

    def happened(self, event: Event) -> None:
        """Take what has happened to a guest."""
        if self._gathering.wants(event.guest):
            entry = self._gathering.form.event(event, self._wall())
            if entry is not None:
                self._add(entry, 1)

    def close(self) -> None:
        """Close the batch that is open."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._entries:
            return
        self._number += 1
        entries, self._entries, self._samples = self._entries, [], 0
        batch = self._gathering.form.batch(entries, self.stream, self._number, self._wall())
        self._spool.put(f"{self.stream}-{self._number:010d}", batch)
        self._filled()

    def _add(self, entry: Any, samples: int) -> None:
        self._entries.append(entry)
        self._samples += samples
        if self._samples >= MOST:
            self.close()
        elif self._timer is None:
            self._timer = self._clock.callLater(self._gathering.every, self._due)

    def _due(self) -> None:
        self._timer = None
        self.close()


def _begin(last: str, now: float) -> int:
    """
    Say when this life began, in milliseconds: after that of the newest batch that waits, though
    the clock was set back, for batches are delivered by their names' order.
    """
    try:
        before = int(last.partition("-")[0], 16)
    except ValueError:
        before = 0
    return max(int(now * 1000), before + 1)
