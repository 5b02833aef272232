"""
Making the agent forget what nobody needs any more.

Files are closed. A process is asked about until it has ended, for only then, and only once asked,
the agent forgets its result. A job is killed, and then released. What cannot be done now, because
the agent is away or refuses, is done later; that an agent which was started anew knows nothing of
the number is as good.

Numbers come again after a reboot, so whoever learns that a number was given out calls
:meth:`Releases.discard`: the new one must not be released in place of the old.
"""

from collections.abc import Callable, Mapping

from attrs import define
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, OutcomeUnknown
from txqga.mux._handles import Handle, ends, release
from txqga.wire import JSON

#: Handles of one guest that wait to be released; beyond it the oldest are given up.
MOST = 4096

#: Pauses between questions to a process that runs on, in seconds: the first, the longest, and
#: how they grow.
FIRST, LONGEST, GROWTH = 0.05, 60.0, 1.5

#: Seconds until an agent that was away is tried again, if nobody says that it is back.
AWAY = 60.0

#: Times that an agent may refuse to be asked at all (it is frozen, or the command is disabled)
#: before a handle is given up; with the pauses above, about an hour.
REFUSALS = 75


@define
class Release:
    """One handle on its way out."""

    pause: float = FIRST
    refusals: int = 0
    done: int = 0  #: commands of those that it takes
    later: IDelayedCall | None = None  #: when it is asked next; None: it is its turn


class Releases:
    """What one agent still has to forget; it is asked for one at a time."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        ask: Callable[[str, Mapping[str, JSON]], Deferred[JSON]],
        released: Callable[[Handle, JSON | None], None],
        guest: str = "",
    ) -> None:
        """
        :param ask: asks the agent; cancellable.
        :param released: told what the agent has forgotten, with what it said of it, or None
            where it knew nothing.
        """
        self._clock = clock
        self._ask = ask
        self._released = released
        self._guest = guest
        self._releases: dict[Handle, Release] = {}
        self._asked: Handle | None = None  #: the one that the agent is being asked for
        self._question: Deferred[None] = succeed(None)
        self._away: IDelayedCall | None = None  #: set while the agent is away
        self._quiet: list[Deferred[None]] = []

    def __contains__(self, handle: Handle) -> bool:
        return handle in self._releases

    def add(self, handle: Handle) -> None:
        """Release ``handle``."""
        if handle in self._releases:
            return
        if len(self._releases) >= MOST:
            oldest = next(iter(self._releases))
            self._log.warn(
                "{guest}: {kind} {number} is left in the agent: too many wait to be released",
                guest=self._guest,
                kind=oldest.kind.value,
                number=oldest.number,
            )
            self.discard(oldest)
        self._releases[handle] = Release()
        self._next()

    def discard(self, handle: Handle) -> None:
        """Do not release ``handle``: the number belongs to somebody, or is forgotten already."""
        found = self._releases.pop(handle, None)
        if found is not None and found.later is not None:
            found.later.cancel()
        if handle == self._asked:
            self._question.cancel()

    def ready(self) -> None:
        """The agent can be asked again."""
        if self._away is not None:
            away, self._away = self._away, None
            if away.active():
                away.cancel()
            self._next()

    def quiet(self) -> Deferred[None]:
        """Wait until nothing can be done at once: all is released, or waits for something."""
        waiting: Deferred[None] = Deferred(self._quiet.remove)
        self._quiet.append(waiting)
        self._next()
        return waiting

    def stop(self) -> None:
        """Give up the rest."""
        for handle in list(self._releases):
            self.discard(handle)
        self.ready()

    def _next(self) -> None:
        if self._asked is not None:
            return
        due = (handle for handle, each in self._releases.items() if each.later is None)
        handle = next(due, None) if self._away is None else None
        if handle is None:
            waiting, self._quiet = self._quiet, []
            for each in waiting:
                each.callback(None)
            return
        self._asked = handle
        asking = self._ask(*self._command(handle))
        self._question = asking.addCallbacks(
            self._answered, self._failed, callbackArgs=(handle,), errbackArgs=(handle,)
        ).addBoth(self._over)

    def _over(self, result: object) -> None:
        if isinstance(result, Failure):
            self._log.failure("{guest}: releasing a handle", result, guest=self._guest)
        self._asked = None
        # not from here: what answers at once would be as many calls deep as there are handles
        self._clock.callLater(0, self._next)

    def _command(self, handle: Handle) -> tuple[str, dict[str, JSON]]:
        return release(handle)[self._releases[handle].done]

    def _answered(self, value: JSON, handle: Handle) -> None:
        if handle not in self._releases:
            return  # discarded meanwhile
        if ends(self._command(handle)[0], value):
            self._forgotten(handle, value)
        elif not self._goes_on(handle):
            self._put_off(handle)

    def _goes_on(self, handle: Handle) -> bool:
        """Whether there is another command to be asked, which is next."""
        found = self._releases.get(handle)
        if found is None or found.done + 1 >= len(release(handle)):
            return False
        found.done += 1
        return True

    def _failed(self, failure: Failure, handle: Handle) -> None:
        why = failure.value
        if isinstance(why, (AgentUnavailable, OutcomeUnknown)):
            # closing what was closed does no harm, and what was asked in vain is asked again
            if self._away is None:
                self._away = self._clock.callLater(AWAY, self.ready)
        elif isinstance(why, CommandNotFound):
            self._refused(handle)
        elif isinstance(why, CommandFailed):
            # what cannot be killed, because it has gone, can be released all the same
            if not self._goes_on(handle):
                self._forgotten(handle, None)
        elif self._releases.pop(handle, None) is not None:  # else: discarded, thus cancelled
            failure.raiseException()

    def _refused(self, handle: Handle) -> None:
        found = self._releases.get(handle)
        if found is None:
            return
        found.refusals += 1
        if found.refusals < REFUSALS:
            self._put_off(handle)
            return
        self._log.warn(
            "{guest}: {kind} {number} is left in the agent, which does not run {command}",
            guest=self._guest,
            kind=handle.kind.value,
            number=handle.number,
            command=self._command(handle)[0],
        )
        self._forgotten(handle, None)

    def _put_off(self, handle: Handle) -> None:
        found = self._releases.get(handle)
        if found is not None:
            found.later = self._clock.callLater(found.pause, self._due, found)
            found.pause = min(found.pause * GROWTH, LONGEST)

    def _due(self, found: Release) -> None:
        found.later = None
        self._next()

    def _forgotten(self, handle: Handle, value: JSON | None) -> None:
        if self._releases.pop(handle, None) is not None:
            self._released(handle, value)
