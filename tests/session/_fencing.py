"""A scripted agent that knows fences, as ours does."""

from collections.abc import Callable, Mapping

from twisted.internet.task import Clock

from txqga.errors import CommandNotFound, FencedOff
from txqga.testing import ScriptedAgent
from txqga.testing._scripted import Answer
from txqga.wire import JSON


class FencingAgent(ScriptedAgent):
    """
    An agent that knows fences.

    :param ahead: seconds by which the guest was booted before the clock of the test began.
    """

    def __init__(self, clock: Clock, *, ahead: float = 1000.0) -> None:
        self.clock = clock
        self.ahead = ahead
        self.newest: JSON = None
        self.refused: list[str] = []  #: why commands inside fences did not run
        super().__init__()
        self.answer("txqga-fence", self.fence)
        self.answer("txqga-fenced", self.fenced)

    def start(self) -> None:
        self.newest = None
        super().start()

    @property
    def boot_time(self) -> int:
        return round((self.clock.seconds() + self.ahead) * 1e9)

    def fence(self, arguments: Mapping[str, JSON]) -> Answer:
        self.newest = arguments["token"]
        return {"boot-time": self.boot_time}

    def fenced(self, arguments: Mapping[str, JSON]) -> Answer:
        if self.newest is None:
            return self.refuse("no fence")
        if arguments["token"] != self.newest:
            return self.refuse("another fence")
        if arguments["not-after"] < self.boot_time:
            return self.refuse("too late")
        name, given = arguments["execute"], arguments.get("arguments", {})
        self.ran[-1] = (name, given)
        answer: Callable[[Mapping[str, JSON]], Answer] | None = self._answers.get(name)
        return CommandNotFound(f"no {name}") if answer is None else answer(given)

    def refuse(self, why: str) -> FencedOff:
        self.ran.pop()
        self.refused.append(why)
        return FencedOff(why)
