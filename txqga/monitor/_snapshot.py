"""
What is known of one guest: the last reading of each datum.

Every sink reads the same. What could not be read for a while is not there any more: a figure that
is missing is not the last one that there was.
"""

from collections.abc import Iterator

from attrs import frozen

from txqga.monitor._history import History
from txqga.monitor._sample import Sample


@frozen
class Reading:
    """One datum, as it was last read."""

    samples: tuple[Sample, ...]
    time: float  #: when, by the host's clock since the epoch, in seconds
    source: str  #: which of the datum's sources it came from
    expires: float  #: when it is too old to be told, by the same clock


class Snapshot:
    """What is known of one guest."""

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}  #: by the datum's name
        self.history = History()  #: how it was, for a short while back
        self.nonsense = 0  #: values that could not be, since the guest is watched
        self.overflow = 0  #: series that were not taken, since then
        self.failures: dict[str, int] = {}  #: readings that failed, by the datum's name

    def take(self, datum: str, reading: Reading) -> None:
        """Keep what was read last."""
        self.readings[datum] = reading
        self.history.take(reading.samples, reading.time)

    def fresh(self, now: float) -> Iterator[tuple[str, Reading]]:
        """Yield what is not too old to be told."""
        for name, reading in self.readings.items():
            if now < reading.expires:
                yield name, reading

    def drop(self, datum: str) -> None:
        """A datum is not asked for any more, or comes from elsewhere."""
        self.readings.pop(datum, None)
        self.failures.pop(datum, None)

    def forget(self) -> None:
        """The guest was started anew, or is another: nothing that is known holds."""
        self.readings.clear()
