"""A list of what was told."""

from attrs import define, field

from txqga.wire import JSON


@define
class Told:
    """Takes what is told of a guest, as long as it may be; a :class:`Tell`."""

    all: list[tuple[str, dict[str, JSON]]] = field(factory=list)
    allows: bool = True

    def __call__(self, kind: str, **data: JSON) -> bool:
        if self.allows:
            self.all.append((kind, data))
        return self.allows

    def take(self) -> list[tuple[str, dict[str, JSON]]]:
        """What was told since this was asked last."""
        taken, self.all = self.all, []
        return taken
