"""
What clients keep in the agent: who may use it, and who clears it away.

A handle belongs to whoever was told its number: to a connection, and is released when that ends;
or to a user, whose tools open a connection for each command, and is released when nobody has used
it for a while. To everybody else it does not exist. A handle whose number nobody was told, because
the client went before the answer came or the answer came too late, is released at once.

Jobs of our agent are kept in the same way, and killed when they are released, but those that are
detached: these are the person's then, on whatever connection. What nobody here has started, because
it was before the mux, or beside it, is there for root and our own user.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from weakref import WeakSet

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, CommandNotFound, TxqgaError
from txqga.mux._callers import Caller
from txqga.mux._handles import CHANGING, Handle, Kind, detaches, ends, ends_refused, made, used
from txqga.mux._holdings import Holdings
from txqga.mux._job import Job
from txqga.mux._releases import Releases
from txqga.mux._results import Results
from txqga.wire import JSON, Success

#: Seconds without use after which a user's file is closed, and a user's process is watched by the
#: mux, so that its result can go when it has been there for long enough.
IDLE = 60.0
#: Seconds without use after which it is looked whether a person's job is there still: our agent
#: forgets what has ended after ten minutes.
FORGOTTEN = 660.0
SWEEP = 5.0  #: seconds between looks


class Custody:
    """What clients keep in one agent."""

    def __init__(
        self,
        clock: IReactorTime,
        ask: Callable[[str, Mapping[str, JSON]], Deferred[JSON]],
        guest: str = "",
        masters: Collection[Hashable] = (),
    ) -> None:
        """
        :param ask: asks the agent, for the mux itself.
        :param masters: who may use jobs that nobody here has started.
        """
        self._ask = ask
        self._masters = masters
        self._gone: WeakSet[Caller] = WeakSet()  #: connections that will not come back
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

    def may_use(self, owner: Hashable, handle: Handle, person: Hashable = None) -> bool:
        """Whether ``handle`` exists, for ``owner``, who is a connection of that ``person``."""
        if handle.kind is Kind.JOB and self._holdings.owner(handle) is None:
            return person in self._masters
        return self._holdings.belongs(handle, owner, person)

    def listed(self, owner: Hashable, person: Hashable, value: JSON) -> JSON:
        """Leave those out of a list of jobs that do not exist, for ``owner``."""
        if not isinstance(value, list):
            return value
        found = ((each, used("txqga-exec-status", each)) for each in value if _is_object(each))
        return [each for each, job in found if job and self.may_use(owner, job, person)]

    def withheld(self, job: Job, value: JSON) -> CommandFailed | None:
        """Say why an answer is not given: what was to be started is somebody else's already."""
        new = made(job.runs[0], value)
        if new is None or new.kind is not Kind.JOB:
            return None
        if new in self._releases:  # a name is never given twice: this is still the old one
            return CommandFailed("the job of this key is about to be released", job.command)
        if self._holdings.owner(new) is None or self.may_use(job.owner, new, job.person):
            return None
        return CommandFailed("a job of another client has this key", job.command)

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
        if isinstance(owner, Caller):
            self._gone.add(owner)
        for handle in self._holdings.of(owner):
            if not self._holdings.pass_on(handle):
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
        if new is not None and new.kind is Kind.JOB:
            self._started(new, job, wanted=job.is_wanted or late)
        elif new is not None and late:
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
        elif job.handle is not None and self._is_still(job) and detaches(*job.runs):
            self._holdings.detach(job.handle)

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
        return job.handle is not None and self.may_use(job.owner, job.handle, job.person)

    def _started(self, new: Handle, job: Job, *, wanted: bool) -> None:
        """
        A job was started, or found by its key.

        One that came late is not released: who has started it may ask again, with its key, and find
        it.
        """
        if new in self._releases:
            return
        if self._holdings.owner(new) is None:
            self._gain(new, job.owner, job.person)
        elif not self.may_use(job.owner, new, job.person):
            return
        if detaches(*job.runs):
            self._holdings.detach(new)
        has_gone = self._holdings.owner(new) in self._gone or not wanted
        if has_gone and not self._holdings.pass_on(new):
            self._release(new)

    def _gain(self, handle: Handle, owner: Hashable, person: Hashable = None) -> None:
        self._holdings.gain(handle, owner, person)
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
        for handle in self._holdings.idle(Kind.JOB, FORGOTTEN):
            self._holdings.touch(handle)
            self._look_for(handle)

    def _look_for(self, handle: Handle) -> None:
        """See whether the agent has a job still."""
        asked = self._ask("txqga-exec-status", {"job": handle.number})
        asked.addErrback(self._not_there, handle)

    def _not_there(self, failure: Failure, handle: Handle) -> None:
        failure.trap(TxqgaError)
        if failure.check(CommandFailed) and not failure.check(CommandNotFound):
            self._holdings.lose(handle)


def _is_object(value: JSON) -> bool:
    return isinstance(value, dict)
