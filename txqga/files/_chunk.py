"""
How much is asked for at a time.

A large piece is quick, and keeps everybody else who wants something of the agent waiting. So pieces
grow as long as one takes next to no time, and shrink when it takes more than others should wait.
"""

from attrs import define, field
from twisted.internet.interfaces import IReactorTime

LEAST = 64 * 1024
#: In base64 it has to fit into a line, of which muxes and libraries take 10 MiB.
MOST = 4 * 1024 * 1024

QUICK = 0.05  #: seconds, less than which is next to none
SLOW = 0.2  #: seconds that others may have to wait


@define
class Chunk:
    """How much is asked for at a time."""

    clock: IReactorTime
    octets: int = field(default=4 * LEAST, init=False)
    _last: float | None = field(default=None, init=False)

    def begin(self) -> None:
        """The first piece is asked for now, or the first one after a pause."""
        self._last = self.clock.seconds()

    def came(self, octets: int) -> None:
        """A piece of so many octets is done, and the next one begins."""
        now = self.clock.seconds()
        took = 0.0 if self._last is None else now - self._last
        self._last = now
        if took > SLOW:
            self.octets = max(LEAST, self.octets // 2)
        elif took < QUICK and octets >= self.octets:
            self.octets = min(MOST, self.octets * 2)
