"""How long a guest may stay frozen, for whom, and how it stands with that."""

from enum import Enum

from attrs import frozen


@frozen(kw_only=True)
class Lease:
    """That a guest may be frozen, and until when."""

    owner: str  #: who asked, for people
    seconds: float  #: how long it was asked for, the last time
    since: float  #: ``reactor.seconds()`` when the freeze was about to be sent
    deadline: float  #: ``reactor.seconds()`` when the guest is thawed at the latest
    mountpoints: tuple[str, ...] | None = None  #: what is frozen, the first few; None: all there is
    group: tuple[str, int] | None = None  #: that it is frozen with: the id, and the guest's rank


#: The owner of a lease for a guest that was found frozen.
NOBODY = "nobody here"


class Stage(str, Enum):
    """How a guest's filesystems stand, as far as the host knows."""

    THAWED = "thawed"  #: nothing is frozen
    FREEZING = "freezing"  #: a freeze is under way, or may be
    FROZEN = "frozen"  #: held still, for whoever has the lease
    THAWING = "thawing"  #: a thaw is owed, and asked for until it is there
    LAPSED = "lapsed"  #: thawed without whoever froze it, who has not been told yet
    DOUBTFUL = "doubtful"  #: not thawed when the last process ended; to be asked


#: stages in which the agent takes next to no command
HOLDING = frozenset({Stage.FREEZING, Stage.FROZEN, Stage.THAWING})


@frozen
class Standing:
    """A stage, the reason for it, since when, and the lease there is or was."""

    stage: Stage
    reason: str  #: a sentence for people
    since: float  #: ``reactor.seconds()``
    lease: Lease

    def told(self, now: float) -> str:
        """Give the reason, and for how much longer it can last if there is a lease."""
        if self.stage not in (Stage.FREEZING, Stage.FROZEN):
            return self.reason
        return f"{self.reason}, for {max(0.0, self.lease.deadline - now):.0f} s more at most"
