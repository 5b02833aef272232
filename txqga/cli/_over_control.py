"""A guest whose commands go to the mux's control interface, where its socket cannot be reached."""

from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred, succeed

from txqga.cli._complaint import Complaint
from txqga.cli._control import Control
from txqga.errors import (
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    GuestIsFrozen,
    InvalidArguments,
)
from txqga.fsfreeze import Freezer
from txqga.session import State, Status
from txqga.wire import JSON

#: What a command fails with, by the code that the mux tells.
_FAILURES: Mapping[str, type[CommandFailed]] = {
    "command-failed": CommandFailed,
    "no-such-command": CommandNotFound,
    "guest-is-frozen": GuestIsFrozen,
    "invalid-arguments": InvalidArguments,
}


class OverControl:
    """
    What a guest is asked through.

    Each command is a request of its own: nothing is kept for who asks between two of them, such as
    an open file, and how the agent is shows when it is asked.
    """

    epoch = 1

    def __init__(self, control: Control, name: str) -> None:
        self.name = name
        self.status = Status(State.READY, f"{control.where} is asked", 0.0)
        self._control = control

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent; how long it may take, the mux knows, and who made the control."""
        return Deferred.fromCoroutine(self._call(command, dict(arguments or {})))

    async def _call(self, command: str, arguments: "dict[str, JSON]") -> JSON:
        path = ("guests", self.name, "commands", command)
        try:
            told = await self._control.ask("POST", *path, body=arguments)
        except Complaint as why:
            failure = _FAILURES.get(why.code)
            if why.code == "forbidden" and "class" in why.more:
                failure = CommandNotAllowed  # who asks may not do this; others are not known at all
            if failure is None:
                raise
            raise failure(why.words, command) from why
        return told.get("return", {}) if isinstance(told, dict) else {}

    def when_ready(self) -> Deferred[None]:
        """Wait for nothing: who is asked says whether the agent is away."""
        return succeed(None)

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """Tell nothing, ever: what happens is known to who follows the mux."""
        return lambda: None

    def freezer(self, owner: str, seconds: float | None, mountpoints: list[str] | None) -> Freezer:
        """
        Hold nothing still: the mux does that, when it is told to.

        :raise ValueError: always.
        """
        raise ValueError("guests of a mux elsewhere are frozen by it: ask it for that")

    def close(self) -> Deferred[None]:
        """Let nothing go: nothing is kept."""
        return succeed(None)
