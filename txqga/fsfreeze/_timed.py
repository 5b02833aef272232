"""How long a guest was frozen."""

from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from txqga.fsfreeze._group import Holder


@frozen(kw_only=True)
class Interval:
    """
    How long a guest was frozen; times are ``reactor.seconds()``.

    It held still from ``since`` to ``until``, at least; what runs in it may have waited from
    ``asked`` to ``thawed``.
    """

    filesystems: int  #: how many
    asked: float  #: when the freeze was sent
    since: float  #: when it was answered
    until: float  #: when the thaw was sent
    thawed: float  #: when that was answered

    @property
    def seconds(self) -> float:
        """For how long it held still, at least."""
        return self.until - self.since


class Timed:
    """A holder of a guest that looks at the clock."""

    def __init__(self, clock: IReactorTime, holder: Holder) -> None:
        self._clock = clock
        self._holder = holder
        self._filesystems = 0
        self.at: dict[str, float] = {}  #: as in :class:`Interval`, what has happened so far

    @property
    def interval(self) -> Interval:
        """How long it was frozen the last time; it is thawed."""
        return Interval(
            filesystems=self._filesystems,
            asked=self.at["asked"],
            since=self.at["since"],
            until=self.at["until"],
            thawed=self.at["thawed"],
        )

    def ready(self) -> Deferred[None]:
        """Wait until the guest answers."""
        return self._holder.ready()

    def freeze(self) -> Deferred[int]:
        """Freeze."""
        self.at.clear()
        self._note("asked")
        return self._holder.freeze().addCallback(self._counted).addCallback(self._noted, "since")

    def thaw(self) -> Deferred[int]:
        """Thaw, if that is owed."""
        self._note("until")
        return self._holder.thaw().addCallback(self._noted, "thawed")

    def _counted(self, count: int) -> int:
        self._filesystems = count
        return count

    def _noted(self, result: int, what: str) -> int:
        self._note(what)
        return result

    def _note(self, what: str) -> None:
        self.at[what] = self._clock.seconds()
