"""What can be done with programs in a guest, by what it says of itself."""

from collections.abc import Iterable

from attrs import frozen

from txqga.errors import CommandNotFound
from txqga.exec._asked import Asked
from txqga.exec._way import Way
from txqga.schema import extended, structure
from txqga.session import read_family

_STREAMED = "txqga-exec-start"
_STOCK = ("guest-exec", "guest-exec-status")
_FILES = ("guest-file-open", "guest-file-read", "guest-file-seek", "guest-file-close")


@frozen
class Traits:
    """What can be done with programs in a guest."""

    commands: frozenset[str]  #: of those above
    is_posix: bool  #: whether there is a POSIX shell, as far as is known
    is_windows: bool = False

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways that there are, the best first."""
        found = []
        if _STREAMED in self.commands:
            found.append(Way.STREAMED)
        if self.commands.issuperset(_STOCK):
            if self.is_posix and self.commands.issuperset(_FILES):
                found.append(Way.FOLLOWED)
            found.append(Way.WHOLE)
        return tuple(found)

    def choose(self, way: Way | None, preferred: Iterable[Way]) -> Way:
        """
        Give the first of the preferred ways that there is.

        :param way: the only one that is wanted, if there is one.
        :raise CommandNotFound: there is none.
        """
        for each in preferred if way is None else (way,):
            if each in self.ways:
                return each
        wanted = "so" if way is None else f"as {way.value}"
        raise CommandNotFound(f"the guest's agent runs no programs {wanted}", "guest-exec")


async def read_traits(guest: Asked) -> Traits:
    """
    Ask a guest what it can do.

    :raise CommandNotFound: it runs no programs.
    """
    info = structure(extended(), "GuestAgentInfo", await guest.call("guest-info"))
    known = {_STREAMED, *_STOCK, *_FILES}
    commands = frozenset(
        each.name for each in info.supported_commands if each.enabled and each.name in known
    )
    if not commands.issuperset(_STOCK) and _STREAMED not in commands:
        why = "the guest's agent runs no programs, or not now: guest-exec is disabled"
        raise CommandNotFound(why, "guest-exec")
    if _STREAMED in commands:
        return Traits(commands, is_posix=True)
    family = await read_family(guest)
    return Traits(commands, family.is_posix, family.is_windows)
