"""What can be done with files of a guest, by what it says of itself."""

from attrs import frozen

from txqga.errors import CommandNotFound
from txqga.files._asked import Asked
from txqga.schema import extended, structure
from txqga.session import read_family

#: Without these there is no file.
_NEEDED = ("guest-file-open", "guest-file-close")
_EXEC = ("guest-exec", "guest-exec-status")


@frozen
class Traits:
    """What can be done with files of a guest."""

    commands: frozenset[str]
    is_windows: bool
    is_posix: bool  #: as far as is known

    def knows(self, *commands: str) -> bool:
        """Whether it has all of these commands."""
        return self.commands.issuperset(commands)

    @property
    def has_shell(self) -> bool:
        """Whether programs can be run in a POSIX shell."""
        return self.is_posix and self.knows(*_EXEC)


async def read_traits(guest: Asked) -> Traits:
    """
    Ask a guest what it can do.

    :raise CommandNotFound: it has no files, or not now.
    """
    info = structure(extended(), "GuestAgentInfo", await guest.call("guest-info"))
    commands = frozenset(each.name for each in info.supported_commands if each.enabled)
    for each in _NEEDED:
        if each not in commands:
            why = f"the guest's agent opens no files, or not now: {each} is disabled"
            raise CommandNotFound(why, each)
    family = await read_family(guest)
    return Traits(commands, family.is_windows, family.is_posix)
