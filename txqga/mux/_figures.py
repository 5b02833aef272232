"""What becomes of commands, and how long they take, summed up."""

from collections import Counter

from attrs import define, field


@define
class Span:
    """How often something took time, and how much altogether."""

    count: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """It took so long once more."""
        self.count += 1
        self.seconds += max(0.0, seconds)


@define
class Figures:
    """What becomes of the commands of one guest, and how long they take."""

    #: by name (``other`` if it is not in the schema), and outcome
    outcomes: Counter[tuple[str, str]] = field(factory=Counter)
    waited: Span = field(factory=Span)  #: for their turn
    ran: Span = field(factory=Span)  #: from then until they were answered
    #: the same, of those that an agent answers without having to do anything
    round_trips: Span = field(factory=Span)
