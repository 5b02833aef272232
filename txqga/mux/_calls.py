"""Running a command: the agent is asked, and everybody hears what became of it."""

from functools import partial
from typing import TypeVar

from twisted.internet.defer import Deferred, fail, maybeDeferred, succeed
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    FencedOff,
    OutcomeUnknown,
)
from txqga.mux._agent_session import AgentSession
from txqga.mux._arguments import fault
from txqga.mux._caps import Caps, is_silent
from txqga.mux._custody import Custody
from txqga.mux._figures import Figures
from txqga.mux._job import Job
from txqga.mux._lanes import Lane
from txqga.mux._presence import Parting, Presence
from txqga.mux._reads import Reads
from txqga.schema import Schema
from txqga.wire import JSON

T = TypeVar("T")


class Calls:
    """Runs jobs on one agent."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        session: AgentSession,
        schema: Schema,
        caps: Caps,
        presence: Presence,
        reads: Reads,
        custody: Custody,
    ) -> None:
        self._clock = clock
        self._session = session
        self._schema = schema
        self.caps = caps  #: of the commands that are sent from now on
        self._presence = presence
        self._reads = reads
        self._custody = custody
        self.figures = Figures()

    def run(self, job: Job) -> Deferred[None]:
        """
        Run ``job`` and give it its answer.

        :return: fires when the agent is free again: never before it is returned, never failing.
        """
        handle = job.handle
        if handle is not None and not self._custody.may_use(job.owner, handle, job.person):
            # it was theirs when they asked: meanwhile it ended, or an agent that was started anew
            # has given the number to somebody else
            self.dropped(job)
            job.fail(CommandFailed(handle.unknown, job.command))
            return deferLater(self._clock, 0)
        kept = None if handle is None else self._custody.kept(handle)
        if kept is not None:
            asked = succeed(kept)
        else:
            started = self._clock.seconds()
            self.figures.waited.add(started - job.since)
            command = job.runs[0]
            cap = self.caps.of(self._schema, command, job.lane)
            parting = None
            if is_silent(self._schema, command):
                parting = Parting(who=job.asker, command=command, until=started + cap)
            self._presence.started(job.command, parting)
            send = partial(self._session.call, job.command, job.arguments, deadline=cap, cap=cap)
            why = self._presence.unavailable()
            if why is not None:
                asked = fail(why)
            else:
                go = send if job.through is None else partial(job.through, send)
                asked = maybeDeferred(go)  # whatever goes wrong: the turn must end
                asked.addBoth(self._timed, job, started)
        over: Deferred[None] = asked.addCallbacks(
            self._answered, self._failed, callbackArgs=(job,), errbackArgs=(job,)
        ).addErrback(self._broken, job)
        return deferLater(self._clock, 0) if over.called else over

    def dropped(self, job: Job) -> None:
        """``job`` is over, or will not run."""
        self._reads.over(job)
        self._custody.end(job)

    def _timed(self, result: T, job: Job, started: float) -> T:
        if not isinstance(result, Failure) or isinstance(result.value, CommandFailed):
            seconds = self._clock.seconds() - started
            self.figures.ran.add(seconds)
            if job.lane is Lane.STATUS:
                self.figures.round_trips.add(seconds)
        return result

    def _answered(self, value: JSON, job: Job) -> None:
        self._over(job)
        self._count(job, "answered")
        withheld = self._custody.withheld(job, value)
        self._custody.answered(job, value)
        if withheld is None:
            job.answer(value)
        else:
            job.fail(withheld)

    def _failed(self, failure: Failure, job: Job) -> Failure | None:
        self._over(job)
        why = failure.value
        if isinstance(why, OutcomeUnknown):
            self._count(job, "unknown")
            self._custody.unsettled(job, why.outcome.settled)
        elif isinstance(why, CommandFailed):
            self._count(job, "refused")
            ran = not isinstance(why, CommandNotFound | FencedOff)
            if ran and not fault(self._schema, *job.runs):
                self._custody.refused(job)
        elif isinstance(why, AgentUnavailable):
            self._count(job, "unavailable")
        else:
            return failure
        job.fail(why)
        return None

    def _over(self, job: Job) -> None:
        self._presence.finished()
        self.dropped(job)

    def _count(self, job: Job, outcome: str) -> None:
        # a client may make up any number of names
        command = job.command if job.command in self._schema.commands else "other"
        self.figures.outcomes[command, outcome] += 1

    def _broken(self, failure: Failure, job: Job) -> None:
        self._log.failure("{command} went wrong", failure, command=job.command)
        job.fail(CommandFailed("the mux failed, and has written the reason to its log"))
