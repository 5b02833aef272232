"""What a guest's agent has, as far as it has told or shown."""

from collections.abc import Iterable, Iterator

from txqga.monitor._said import entries, member
from txqga.monitor._source import Source
from txqga.session import WINDOWS
from txqga.wire import JSON


class Abilities:
    """What a guest's agent has."""

    def __init__(self) -> None:
        self.known = False  #: whether it has told
        self.commands: frozenset[str] = frozenset()
        self._is_linux = True  #: as long as it does not say otherwise
        self._lacking: set[str] = set()

    def learn(self, said: JSON) -> None:
        """Read ``guest-info``: what is not enabled is not there."""
        self.known = True
        self.commands = frozenset(
            name
            for each in entries(member(said, "supported_commands"))
            if each.get("enabled") is True and isinstance(name := each.get("name"), str)
        )

    def system(self, said: JSON) -> None:
        """Read ``guest-get-osinfo``: Windows calls itself ``mswindows``, and has no ``/proc``."""
        self._is_linux = member(said, "id") != WINDOWS

    def lacks(self, source: Source) -> None:
        """It turned out that a source is not there."""
        self._lacking.add(source.name)

    def usable(self, sources: Iterable[Source]) -> Iterator[Source]:
        """Yield those that there are."""
        for source in sources:
            has = source.needs <= self.commands and source.name not in self._lacking
            if has and (self._is_linux or not source.is_linux):
                yield source
