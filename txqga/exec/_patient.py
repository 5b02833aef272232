"""
A question that is asked again while nobody answers.

What is asked so does no harm when it is asked twice. An agent that is away may come back with the
same programs: a connection was lost, a mux was started anew, the filesystems were frozen.
"""

from collections.abc import Awaitable, Callable, Mapping

from attrs import frozen
from twisted.internet.interfaces import IReactorTime

from txqga.errors import AgentUnavailable, CommandNotAllowed, CommandNotFound, OutcomeUnknown
from txqga.exec._asked import Asked
from txqga.exec._pace import Pace
from txqga.wire import JSON

#: Seconds that an agent may be away.
AWAY = 60.0

#: Seconds that it may say that there is no such command, which it says while it holds filesystems
#: frozen: as long as ours does, unless told otherwise, and some more.
FROZEN = 900.0


@frozen
class Patient:
    """Asks a guest again that does not answer."""

    clock: IReactorTime
    guest: Asked
    place: str = "/tmp"  #: a folder of the guest, for what is kept a while

    def pace(self) -> Pace:
        """Make pauses."""
        return Pace(self.clock)

    async def ask(self, command: str, arguments: Mapping[str, JSON] | None = None) -> JSON:
        """
        Ask until there is an answer.

        :raise CommandFailed: the answer is a refusal.
        :raise SessionError: there was none for a minute.
        """
        return await self.insist(lambda: self.guest.call(command, arguments))

    async def insist(self, asking: Callable[[], Awaitable[JSON]]) -> JSON:
        """Ask, whatever way, until there is an answer."""
        pace = self.pace()
        began = self.clock.seconds()
        while True:
            try:
                return await asking()
            except CommandNotAllowed:
                raise
            except (AgentUnavailable, OutcomeUnknown, CommandNotFound) as why:
                patience = FROZEN if isinstance(why, CommandNotFound) else AWAY
                if self.clock.seconds() - began >= patience:
                    raise
            await pace.pause()
