"""What became of a guest's freezes, counted since the guest was served."""

from collections import Counter

from attrs import define, field

from txqga.fsfreeze import Stage, Standing
from txqga.mux._figures import Span

#: What becomes of a freeze: ``undone`` is one that failed, or whose answer did not come in time, or
#: that found nothing to be frozen; ``refused`` one that never ran; ``found`` was nobody's here.
OUTCOMES = ("frozen", "undone", "refused", "found")

_AT_EASE = (Stage.THAWED, Stage.LAPSED)


@define
class FreezeFigures:
    """What became of a guest's freezes, counted since the guest was served."""

    outcomes: Counter[str] = field(factory=Counter)  #: by :data:`OUTCOMES`
    held: Span = field(factory=Span)  #: frozen, from when the freeze was sent
    #: thaws without whoever froze it, by ``mux`` or ``guest``; the latter may have been booted
    lapsed: Counter[str] = field(factory=Counter)
    retries: int = 0  #: thaws that were asked for again
    _stage: Stage = Stage.THAWED
    _is_held: bool = False

    def recalled(self, standing: Standing) -> None:
        """So it stood when the last process ended, which has counted it."""
        self._stage = standing.stage

    def told(self, standing: Standing, now: float) -> None:
        """So it stands now."""
        before, self._stage = self._stage, standing.stage
        if before is Stage.FREEZING and standing.stage is not Stage.FREEZING:
            came = {Stage.FROZEN: "frozen", Stage.THAWED: "refused"}
            self.outcomes[came.get(standing.stage, "undone")] += 1
        if standing.stage is Stage.FROZEN:
            self._is_held = True
            if before in _AT_EASE:
                self.outcomes["found"] += 1
        if standing.stage is Stage.LAPSED:
            self.lapsed["mux" if before is Stage.THAWING else "guest"] += 1
        if standing.stage in _AT_EASE and self._is_held:
            self._is_held = False
            self.held.add(now - standing.lease.since)

    def retried(self) -> None:
        """A thaw was asked for again."""
        self.retries += 1
