"""The steps of a freeze, taken when the test says so."""

from collections.abc import Callable, Sequence

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from txqga.errors import CommandFailed
from txqga.fsfreeze import Lapsed, Released, Span, Timing


class MemorySteps:
    """Filesystems that are frozen or not, and the Deferreds of what is under way."""

    def __init__(self, clock: Clock, limit: int = 10) -> None:
        self.timing = Timing(clock=clock, boottime=clock.seconds, limit=limit)
        self.frozen = False
        self.log: list[object] = []
        self.freezing: Deferred[int] | None = None
        self.releasing: list[tuple[Lapsed | None, Deferred[Released]]] = []
        self._began: Callable[[Span], None] = lambda span: None

    def freeze(self, folders: Sequence[str] | None, began: Callable[[Span], None]) -> Deferred[int]:
        self.log.append(("freeze", folders))
        self._began = began
        self.freezing = Deferred()
        return self.freezing

    def give_up(self, why: CommandFailed, *, for_good: bool = False) -> None:
        self.log.append(("give up", why.desc))

    def note(self, span: Span) -> None:
        self.log.append(span)

    def release(self, lapsed: Lapsed | None) -> Deferred[Released]:
        self.releasing.append((lapsed, Deferred()))
        return self.releasing[-1][1]

    def forget(self) -> None:
        self.log.append("forget")

    # What becomes of them.

    def begin(self) -> None:
        """The hook has run, and the first filesystem is about to be frozen."""
        self.frozen = True
        self._began(self.timing.span())

    def froze(self, count: int) -> None:
        """So many are frozen; none: all is as before."""
        assert self.freezing is not None
        freezing, self.freezing = self.freezing, None
        self.frozen = count > 0
        freezing.callback(count)

    def failed(self, desc: str = "failed to freeze /data: Input/output error") -> None:
        """One cannot be frozen, and all is as before."""
        assert self.freezing is not None
        freezing, self.freezing = self.freezing, None
        self.frozen = False
        freezing.errback(Failure(CommandFailed(desc)))

    def released(self, count: int = 1, failure: Failure | None = None) -> None:
        """Nothing is frozen any more."""
        self.frozen = False
        self.releasing.pop(0)[1].callback(Released(count, failure))

    def kept(self, desc: str = "failed to thaw: no answer yet from /data") -> None:
        """Something could not be thawed."""
        self.releasing.pop(0)[1].errback(Failure(CommandFailed(desc)))
