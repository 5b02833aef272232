"""What is read in guests and happens to them, gathered into batches for one platform."""

from collections.abc import Callable, Mapping
from secrets import token_hex

import orjson
from attrs import frozen
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.monitor._snapshot import Reading
from txqga.monitor.sinks._spool import Spool
from txqga.mux import Event
from txqga.wire import JSON

SCHEMA = "txqga/1"

#: Samples after which a batch is closed before its time.
MOST = 5000


@frozen(kw_only=True)
class Gathering:
    """What is gathered for a platform."""

    host: str  #: the name of this host
    every: float  #: seconds after which a batch is closed
    labels: Mapping[str, str]  #: what the operator says of these guests
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
        # sorts after those of earlier lives
        self.stream = f"{int(wall() * 1000):012x}-{token_hex(4)}"
        self._number = 0
        self._entries: list[JSON] = []
        self._samples = 0
        self._timer: IDelayedCall | None = None

    def taken(self, guest: str, datum: str, reading: Reading) -> None:
        """Take what was read in a guest."""
        if not self._gathering.wants(guest) or not reading.samples:
            return
        metrics: list[JSON] = [
            {
                "name": each.figure.name,
                "value": each.value,
                **(
                    {"labels": dict(zip(each.figure.labels, each.labels, strict=True))}
                    if each.labels
                    else {}
                ),
            }
            for each in reading.samples
        ]
        self._add({"vm": guest, "t": round(reading.time, 3), "metrics": metrics}, len(metrics))

    def happened(self, event: Event) -> None:
        """Take what has happened to a guest."""
        if self._gathering.wants(event.guest):
            told: JSON = {"kind": event.kind, **event.data}
            self._add({"vm": event.guest, "t": round(self._wall(), 3), "events": [told]}, 1)

    def close(self) -> None:
        """Close the batch that is open."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._entries:
            return
        self._number += 1
        entries, self._entries, self._samples = self._entries, [], 0
        batch = {
            "schema": SCHEMA,
            "sent_at": round(self._wall(), 3),
            "host": self._gathering.host,
            "stream": self.stream,
            "sequence": self._number,
            "labels": dict(self._gathering.labels),
            "batch": entries,
        }
        self._spool.put(f"{self.stream}-{self._number:010d}", orjson.dumps(batch))
        self._filled()

    def _add(self, entry: JSON, samples: int) -> None:
        self._entries.append(entry)
        self._samples += samples
        if self._samples >= MOST:
            self.close()
        elif self._timer is None:
            self._timer = self._clock.callLater(self._gathering.every, self._due)

    def _due(self) -> None:
        self._timer = None
        self.close()
