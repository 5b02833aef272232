"""How far a copy is, and how fast it may go."""

from collections.abc import Callable

from attrs import define, field, frozen
from attrs.validators import gt, optional
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

#: Seconds whose octets count for the rate.
RECENT = 3.0

#: Seconds of the limit's octets that may pass at once, after a pause.
BURST = 0.25


@frozen(kw_only=True)
class Progress:
    """How far a copy is."""

    name: str  #: of the file that is copied now, as the side it comes from says it
    octets: int  #: that are there, of all files
    total: int | None  #: that will be there, as far as is known
    rate: float  #: octets per second, of late
    files: int = 0  #: that are there
    total_files: int = 1  #: that will be there


@define
class Meter:
    """
    Counts what comes, and holds it back where it comes too fast.

    :param limit: octets per second; None: as fast as it goes.
    """

    clock: IReactorTime
    tell: Callable[[Progress], object] | None = None
    limit: float | None = field(default=None, validator=optional(gt(0)))
    name: str = ""
    octets: int = 0
    total: int | None = None
    files: int = 0
    total_files: int = 1
    _owed: float = field(default=0.0, init=False)  #: octets that came and were not yet allowed
    _paid: float | None = field(default=None, init=False)  #: when that was counted last
    _seen: list[tuple[float, int]] = field(factory=list, init=False)

    def skip(self, octets: int) -> None:
        """So many are there already."""
        self.octets += octets
        self._tell()

    def came(self, octets: int) -> Deferred[None] | None:
        """
        So many more are there.

        :return: fires when the next ones may come; None: at once.
        """
        self.octets += octets
        self._tell()
        if self.limit is None:
            return None
        now = self.clock.seconds()
        if self._paid is not None:
            self._owed -= (now - self._paid) * self.limit
        self._paid = now
        self._owed = max(self._owed, -BURST * self.limit) + octets
        if self._owed <= 0:
            return None
        return self._pause(self._owed / self.limit)

    def finished(self) -> None:
        """A file is there, whole."""
        self.files += 1
        self._tell()

    @property
    def rate(self) -> float:
        """Octets per second, of late."""
        if len(self._seen) < 2:
            return 0.0
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        return (last - first) / (ended - began) if ended > began else 0.0

    def _tell(self) -> None:
        now = self.clock.seconds()
        self._seen.append((now, self.octets))
        while len(self._seen) > 2 and self._seen[1][0] <= now - RECENT:
            del self._seen[0]
        if self.tell is not None:
            self.tell(
                Progress(
                    name=self.name,
                    octets=self.octets,
                    total=self.total,
                    rate=self.rate,
                    files=self.files,
                    total_files=self.total_files,
                )
            )

    def _pause(self, seconds: float) -> Deferred[None]:
        waiting: Deferred[None] = Deferred(lambda _: timer.cancel())
        timer = self.clock.callLater(seconds, waiting.callback, None)
        return waiting
