"""What an agent can do, by what it says of itself."""

from collections.abc import Iterable

from attrs import frozen

from txqga.errors import CommandNotFound, Misfit
from txqga.schema import Schema, structure
from txqga.wire import JSON

#: more commands than any agent has; what comes after them is not kept
MOST = 4096

#: characters that the name of a command, or a version, may have
LONGEST = 128


@frozen
class Capabilities:
    """What an agent can do."""

    version: str  #: of QEMU, whose commands it has; ours says that of the interface
    commands: frozenset[str]  #: that it has, and that are not disabled

    def missing(self, commands: Iterable[str]) -> list[str]:
        """Give those of ``commands`` that it has not."""
        return [each for each in commands if each not in self.commands]

    def require(self, *commands: str) -> None:
        """
        Do nothing if it has them all.

        :raise CommandNotFound: with the first that it has not.
        """
        for each in self.missing(commands):
            desc = f"the guest's agent, of version {self.version}, has no {each}, or it is disabled"
            raise CommandNotFound(desc, each)


def read_capabilities(schema: Schema, value: JSON) -> Capabilities:
    """
    Read the reply to ``guest-info``, from a guest that may say anything.

    :raise Misfit: it is none.
    """
    info = structure(schema, "GuestAgentInfo", value)
    if len(info.version) > LONGEST:
        raise Misfit("GuestAgentInfo.version", "it is too long")
    enabled = (each.name for each in info.supported_commands[:MOST] if each.enabled)
    return Capabilities(info.version, frozenset(each for each in enabled if len(each) <= LONGEST))
