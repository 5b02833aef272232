"""One command on its way to the agent, and everybody who waits for its answer."""

from collections.abc import Callable, Hashable, Mapping
from copy import copy

from attrs import define, field
from twisted.internet.defer import Deferred

from txqga.mux._handles import Handle
from txqga.mux._lanes import Lane
from txqga.schema import unfenced
from txqga.wire import JSON


@define(eq=False, kw_only=True)
class Job:
    """One command on its way to the agent, and everybody who waits for its answer."""

    command: str
    arguments: Mapping[str, JSON]
    lane: Lane
    client: Hashable  #: whose turn it takes
    asker: str = ""  #: what the client is called, for people
    owner: Hashable  #: to whom a handle that it makes belongs
    person: Hashable = None  #: and to whom when it is detached
    octets: int = 0  #: length of the request, which bounds the queue
    since: float = 0.0  #: ``reactor.seconds()`` when it was asked for
    handle: Handle | None = None  #: the one it uses
    key: tuple[str, bytes] | None = None  #: shared with equal questions
    #: What it goes through when it has its turn, given what sends it; None: it is just sent.
    through: Callable[[Callable[[], Deferred[JSON]]], Deferred[JSON]] | None = None
    abandoned: Callable[["Job"], None]  #: called when the last of the waiting has left
    _waiting: list[Deferred[JSON]] = field(factory=list, init=False)

    @property
    def runs(self) -> tuple[str, Mapping[str, JSON]]:
        """The command that the agent runs, with its arguments: the one inside, if it is fenced."""
        return unfenced(self.command, self.arguments)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody still waits for the answer."""
        return bool(self._waiting)

    def wait(self) -> Deferred[JSON]:
        """Wait for the answer; cancel to leave."""
        waiting: Deferred[JSON] = Deferred(self._leave)
        self._waiting.append(waiting)
        return waiting

    def answer(self, value: JSON) -> None:
        """Give the value of ``return`` to all who wait."""
        while self._waiting:  # one of them may make another leave
            self._waiting.pop(0).callback(value)

    def fail(self, why: Exception) -> None:
        """Tell all who wait why there is no answer."""
        while self._waiting:
            self._waiting.pop(0).errback(copy(why))

    def _leave(self, waiting: Deferred[JSON]) -> None:
        if waiting in self._waiting:
            self._waiting.remove(waiting)
            if not self._waiting:
                self.abandoned(self)
