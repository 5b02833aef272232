"""What is asked of which guest and how often, and what the operator says of it."""

from collections.abc import Mapping

from attrs import evolve, field, frozen

from txqga.monitor._data import DATA, Datum
from txqga.mux import EVERYTHING, Patterns

#: Percent of a filesystem above which it is nearly full, unless told otherwise.
NEARLY_FULL = 90.0

#: Seconds after which a guest has been frozen for too long, unless told otherwise.
FROZEN_TOO_LONG = 300.0


@frozen(kw_only=True)
class Group:
    """Some guests, and what holds of them."""

    guests: Patterns = EVERYTHING
    labels: Mapping[str, str] = field(factory=dict)  #: at every figure of theirs
    #: Seconds from one time to the next, by the datum's name; None: it is not asked.
    periods: Mapping[str, float | None] = field(factory=dict)
    nearly_full: float | None = None  #: percent; None: as it is for others
    frozen_too_long: float | None = None  #: seconds; None: as it is for others


@frozen(kw_only=True)
class Collector:
    """Something that the operator wants to be asked."""

    datum: Datum
    guests: Patterns = EVERYTHING


@frozen(kw_only=True)
class Settings:
    """
    What is asked of which guest and how often, and what the operator says of it.

    A guest may be in several groups: what a later one says goes before what an earlier one does.
    """

    groups: tuple[Group, ...] = ()
    collectors: tuple[Collector, ...] = ()
    data: tuple[Datum, ...] = DATA  #: what all guests are asked
    pace: float = 1.0  #: what the periods are multiplied by that no group names

    def data_of(self, guest: str) -> tuple[Datum, ...]:
        """List what a guest is asked, with the periods that it has there."""
        periods: dict[str, float | None] = {}
        for group in self._groups_of(guest):
            periods.update(group.periods)
        own = tuple(each.datum for each in self.collectors if each.guests.fit(guest))
        found = []
        for datum in (*(evolve(each, period=each.period * self.pace) for each in self.data), *own):
            period = periods.get(datum.name, datum.period)
            if period is not None:
                found.append(evolve(datum, period=period))
        return tuple(found)

    def labels_of(self, guest: str) -> dict[str, str]:
        """Give the labels of a guest."""
        labels: dict[str, str] = {}
        for group in self._groups_of(guest):
            labels.update(group.labels)
        return labels

    def nearly_full(self, guest: str) -> float:
        """Give the percentage above which a filesystem of a guest is nearly full."""
        said = [each.nearly_full for each in self._groups_of(guest) if each.nearly_full is not None]
        return said[-1] if said else NEARLY_FULL

    def frozen_too_long(self, guest: str) -> float:
        """Give the seconds after which a guest has been frozen for too long."""
        groups = self._groups_of(guest)
        said = [each.frozen_too_long for each in groups if each.frozen_too_long is not None]
        return said[-1] if said else FROZEN_TOO_LONG

    def _groups_of(self, guest: str) -> list[Group]:
        return [each for each in self.groups if each.guests.fit(guest)]
