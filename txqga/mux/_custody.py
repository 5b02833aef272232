"""
What clients keep in the agent: who may use it, and who clears it away.

A handle belongs to whoever was told its number: to a connection, and is released when that ends;
or to a user, whose tools open a connection for each command, and is released when nobody has used
it for a while. To everybody else it does not exist. A handle whose number nobody was told, because
the client went before the answer came or the answer came too late, is released at once.
"""

from collections.abc import Callable, Hashable, Mapping

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall

from txqga.mux._handles import CHANGING, Handle, Kind, ends, ends_refused, made
from txqga.mux._holdings import Holdings
from txqga.mux._job import Job
from txqga.mux._releases import Releases
from txqga.mux._results import Results
from txqga.wire import JSON, Success

#: Seconds without use after which a user's file is closed, and a user's process is watched by the
#: mux, so that its result can go when it has been there for long enough.
IDLE = 60.0
SWEEP = 5.0  #: seconds between looks


class Custody:
    """What clients keep in one agent."""

    def __init__(
        self,
        clock: IReactorTime,
        ask: Callable[[str, Mapping[str, JSON]], Deferred[JSON]],
        guest: str = "",
    ) -> None:
        """
        :param ask: asks the agent, for the mux itself.
        """
        self._holdings = Holdings(clock.seconds)
        self._releases = Releases(clock, ask, self._released, guest)
        self._results = Results(clock, self._holdings.lose)
        self._clock = clock
        #: looks now and then while there is something to look after; None: never
        self._sweeping: LoopingCall | None = None

    def start(self) -> None:
        """Begin to look after what users leave behind."""
        if self._sweeping is None:
            self._sweeping = LoopingCall(self._sweep)
            self._sweeping.clock = self._clock

    def stop(self) -> None:
        """Look after nothing any more."""
        sweeping, self._sweeping = self._sweeping, None
        if sweeping is not None and sweeping.running:
            sweeping.stop()
        self._releases.stop()
        self._results.stop()

    # -- what clients do

    def may_use(self, owner: Hashable, handle: Handle) -> bool:
        """Whether ``handle`` exists, for ``owner``."""
        return self._holdings.owner(handle) == owner

    def kept(self, handle: Handle) -> JSON | None:
        """Hand out the result of a process that its owner has not heard yet."""
        value = self._results.take(handle)
        if value is not None:
            self._holdings.lose(handle)
        return value

    def begin(self, job: Job) -> None:
        """A command is on its way."""
        if job.handle is not None:
            self._holdings.begin(job.handle)

    def end(self, job: Job) -> None:
        """A command is over, or will never run."""
        if job.handle is not None:
            self._holdings.end(job.handle)

    def left(self, owner: Hashable) -> None:
        """``owner`` will not come back."""
        for handle in self._holdings.of(owner):
            self._release(handle)

    # -- what the agent says

    def ready(self) -> None:
        """The agent can be asked again."""
        self._releases.ready()

    def quiet(self) -> Deferred[None]:
        """Wait until nothing more can be released at once."""
        return self._releases.quiet()

    def answered(self, job: Job, value: JSON, *, late: bool = False) -> None:
        """
        The agent ran a command.

        :param late: those who waited were told that nobody knows whether it did.
        """
        new = made(job.runs[0], value)
        if new is not None and late:
            # unless the number names something new by now, of an agent that was started anew
            if self._holdings.owner(new) is None:
                self._releases.add(new)
        elif new is not None:
            self._releases.discard(new)
            self._results.take(new)
            self._gain(new, job.owner)
            if not job.is_wanted:
                self._release(new)
        elif job.handle is not None and self._is_still(job) and ends(job.runs[0], value):
            self._releases.discard(job.handle)
            if job.handle.kind is Kind.EXEC and (late or not job.is_wanted):
                self._released(job.handle, value)
            else:
                self._holdings.lose(job.handle)

    def refused(self, job: Job) -> None:
        """The agent ran a command, whose arguments are in order, and found a fault."""
        if job.handle is not None and self._is_still(job) and ends_refused(job.runs[0]):
            self._releases.discard(job.handle)
            self._holdings.lose(job.handle)

    def unsettled(self, job: Job, settled: Callable[[], Deferred[object]]) -> None:
        """Nobody knows whether the agent ran a command; ``settled`` waits until somebody does."""
        if job.runs[0] in CHANGING:
            settled().addCallback(self._settled, job)

    def _settled(self, reply: object, job: Job) -> None:
        if isinstance(reply, Success):
            self.answered(job, reply.value, late=True)

    # -- inside

    def _is_still(self, job: Job) -> bool:
        """Whether the handle is whose it was: if not, the number names something new by now."""
        return job.handle is not None and self.may_use(job.owner, job.handle)

    def _gain(self, handle: Handle, owner: Hashable) -> None:
        self._holdings.gain(handle, owner)
        sweeping = self._sweeping
        if sweeping is not None and not sweeping.running:
            sweeping.start(SWEEP, now=False)

    def _release(self, handle: Handle) -> None:
        self._holdings.lose(handle)
        if self._results.take(handle) is None:
            self._releases.add(handle)

    def _released(self, handle: Handle, value: JSON | None) -> None:
        """The agent has forgotten ``handle``; somebody may still want to know how it ended."""
        if value is not None and self._holdings.owner(handle) is not None:
            self._results.keep(handle, value)
        else:
            self._holdings.lose(handle)

    def _sweep(self) -> None:
        if not self._holdings and self._sweeping is not None:
            self._sweeping.stop()
        for handle in self._holdings.idle(Kind.FILE, IDLE):
            self._release(handle)
        for handle in self._holdings.idle(Kind.EXEC, IDLE):
            if handle not in self._results:
                self._releases.add(handle)
