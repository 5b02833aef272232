"""
txqga-fence, txqga-fenced: commands that do not run when who sent them has gone.

What a host has written can wait in front of an agent, and the host that gave it up may be followed
by another. So each host begins a fence before it changes anything, and sends its commands inside.

The newest fence is kept in memory only. What was sent to an agent that has ended since, is refused
by the next one, which knows of no fence: the host begins a new one, and knows what did not run.
"""

import time
from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred

from txqga.agent._family import Result, Run, Served
from txqga.errors import CommandFailed, FencedOff, InvalidArguments
from txqga.wire import JSON

LONGEST_TOKEN = 128  #: characters

_FENCED = "txqga-fenced"


class Fence:
    """
    The newest fence, and what runs inside.

    :param boot_time: nanoseconds since the guest was booted.
    """

    def __init__(
        self,
        run: Run,
        boot_time: Callable[[], int] = lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
    ) -> None:
        self._run = run
        self._boot_time = boot_time
        self._newest: str | None = None

    def commands(self) -> Mapping[str, Served]:
        return {"txqga-fence": Served(self._fence), _FENCED: Served(self._fenced)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _fence(self, arguments: Mapping[str, JSON]) -> JSON:
        token = arguments["token"]
        if not token:
            raise CommandFailed("the token is empty")
        if len(token) > LONGEST_TOKEN:
            raise CommandFailed(f"the token is longer than {LONGEST_TOKEN} characters")
        self._newest = token
        return {"boot-time": self._boot_time()}

    def _fenced(self, arguments: Mapping[str, JSON]) -> Result | Deferred[Result]:
        if self._newest is None:
            raise FencedOff("no fence has begun since the agent was started")
        if arguments["token"] != self._newest:
            raise FencedOff("another fence has begun since")
        late = self._boot_time() - arguments["not-after"]
        if late > 0:
            raise FencedOff(f"not-after has passed {late // 1_000_000} ms ago")
        command, given = arguments["execute"], arguments.get("arguments", {})
        if command == _FENCED:
            raise CommandFailed("a fenced command cannot be fenced")
        if not isinstance(given, dict):
            raise InvalidArguments("Invalid parameter type for 'arguments', expected: object")
        return self._run(command, given)
