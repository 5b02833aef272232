"""What the lifecycle of one guest's freeze works with."""

from collections.abc import Callable

from attrs import define, field
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.fsfreeze._lease import Lease, Stage, Standing
from txqga.fsfreeze._ledger import Ledger
from txqga.fsfreeze._limit import GuestLimit
from txqga.fsfreeze._thaws import Thaws
from txqga.fsfreeze._wishes import Ask, Freeze, Thaw


@define(kw_only=True)
class Core:
    """What every state may use."""

    clock: IReactorTime
    ask: Ask  #: asks the agent, for the host itself
    ledger: Ledger
    tell: Callable[[Standing], None]  #: told each new standing; must not raise
    seconds: float  #: the lease of a guest that is found frozen
    retried: Callable[[], None] = lambda: None  #: called when a thaw is asked for again
    standing: Standing = field()

    _log = Logger()

    @standing.default
    def _start(self) -> Standing:
        return Standing(Stage.THAWED, "nobody has frozen it", self.now(), self.lent("nobody", 0.0))

    @property
    def lease(self) -> Lease:
        """The lease there is, or was last."""
        return self.standing.lease

    def now(self) -> float:
        """Tell the time."""
        return self.clock.seconds()

    def run_out(self) -> str:
        """Say that the lease has run out; empty if it has not."""
        if self.now() < self.lease.deadline:
            return ""
        return f"its lease of {self.lease.seconds:g} s has run out"

    def lent(
        self,
        owner: str,
        seconds: float,
        mountpoints: tuple[str, ...] | None = None,
        group: tuple[str, int] | None = None,
    ) -> Lease:
        """Make a lease that begins now."""
        now = self.now()
        return Lease(
            owner=owner,
            seconds=seconds,
            since=now,
            deadline=now + seconds,
            mountpoints=mountpoints,
            group=group,
        )

    def enter(self, stage: Stage, reason: str, lease: Lease | None = None) -> Deferred[None]:
        """
        Stand so from now on.

        :param lease: a new one; None: the one there is.
        :return: fires when that is written down.
        """
        self.standing = Standing(stage, reason, self.now(), lease or self.lease)
        noted = self.ledger.note(self.standing)
        self.tell(self.standing)
        return noted

    def stand(self, stage: Stage, reason: str, lease: Lease | None = None) -> None:
        """Stand so from now on, written down or not."""
        self.enter(stage, reason, lease).addErrback(self._unwritten, stage)

    def _unwritten(self, failure: Failure, stage: Stage) -> None:
        failure.trap(OSError)
        self._log.error(
            "that a guest is {stage} cannot be written down: {why}",
            stage=stage.value,
            why=failure.getErrorMessage(),
        )


@define(eq=False)
class Freezing:
    """A freeze that is under way."""

    wish: Freeze
    thaws: list[Thaw] = field(factory=list)  #: wanted meanwhile
    why: str = ""  #: why it must not stay frozen


@define(eq=False)
class Hold:
    """A guest that is held frozen."""

    expiry: IDelayedCall
    limit: GuestLimit
    until: float = float("inf")  #: when the guest thaws by itself, as far as it has said

    def arm(self, lease: Lease, now: float) -> None:
        """Let it end when the lease does, or the guest's own limit."""
        self.expiry.reset(max(0.0, min(lease.deadline, self.until) - now))

    def end(self) -> None:
        """Hold it no longer."""
        if self.expiry.active():
            self.expiry.cancel()
        self.limit.cancel()


@define(eq=False)
class Debt:
    """A thaw that is owed."""

    why: str  #: why it is thawed without whoever froze it; empty: they know
    thaws: Thaws


@define
class Doubt:
    """A guest that was not thawed when the last process ended, and has not been asked yet."""

    held: bool  #: whoever froze it was told that it is frozen
