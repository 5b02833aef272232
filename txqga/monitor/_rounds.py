"""
When one guest is asked.

One question at a time, each datum at its own period, from a moment of its own, so that guests that
came together are not asked together. A guest that is away, frozen or slow is left in peace for a
while; nobody else waits for it.
"""

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Protocol

from attrs import define
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, CommandNotFound, SessionError
from txqga.monitor._abilities import Abilities
from txqga.monitor._data import Datum
from txqga.monitor._draft import SERIES, Draft
from txqga.monitor._snapshot import Reading, Snapshot
from txqga.monitor._source import CLOSE, Answer, Source, Unreadable
from txqga.wire import JSON

#: Seconds for which a guest that did not answer is left in peace, and a datum that it refused.
PAUSE = 60.0

#: A guest that has just come is asked at least this often, for so long: what a boot does is seen.
BURST, BURST_LASTS = 5.0, 120.0

#: Seconds after which nothing more is asked for the same reading.
BUDGET = 30.0

#: Share of the agent's time that goes into being asked here, at most: one that is slow is asked
#: more rarely.
SHARE = 0.25

#: Seconds that may be taken at a stretch all the same: on a busy host all answers take longer, and
#: that is no guest's fault.
STRETCH = 5.0

#: Periods after which a reading is too old to be told.
STALE = 3.0


#: Is told a reading: of which guest, of which datum.
Taken = Callable[[str, str, Reading], object]


class Asked(Protocol):
    """A guest, as far as it is asked here."""

    def poll(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        """
        Ask when nobody else wants anything.

        :return: the value of ``return``; fails as :meth:`txqga.mux.Guest.ask` does.
        """

    @property
    def can_be_asked(self) -> bool:
        """Whether the agent answers, and nothing is frozen."""


@define(eq=False)
class _Due:
    datum: Datum
    when: float  #: by the reactor's clock


class Rounds:
    """Asks one guest, again and again."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        wall: Callable[[], float],
        name: str,
        guest: Asked,
        data: Iterable[Datum],
        random: Random,
        series: int = SERIES,
        taken: Taken = lambda guest, datum, reading: None,
    ) -> None:
        """
        :param wall: tells the time since the epoch, in seconds: what readings are dated with.
        :param data: what is asked.
        :param series: how many series of one figure are taken.
        :param taken: is told each reading.
        """
        self.snapshot = Snapshot()
        self._clock = clock
        self._wall = wall
        self._name = name
        self._guest = guest
        self._random = random
        self._series = series
        self._taken = taken
        self._data = tuple(data)
        self._due: list[_Due] = []
        self._abilities = Abilities()
        self._came: float | None = None  #: when the agent began to answer; None: it does not
        self._asked_at = 0.0
        self._owed = 0.0  #: until when its share is used up
        self._timer: IDelayedCall | None = None
        self._asking: Deferred[None] | None = None

    def begin(self) -> None:
        """The agent answers, after it did not: ask all there is, and find out what it has."""
        self.end()
        self._abilities = Abilities()
        now = self._came = self._clock.seconds()
        self._due = [
            _Due(datum, now + self._random.uniform(0.0, min(BURST, datum.period)))
            for datum in self._data
        ]
        self._arm()

    def end(self) -> None:
        """Ask no more; what is known stays until it is too old."""
        self._came = None
        self._due = []
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._asking is not None:
            self._asking.cancel()

    def change(self, data: Iterable[Datum]) -> None:
        """
        Let this be what is asked, from now on; what stays as it is keeps its turn.

        What is asked no more, or comes from elsewhere, is not known any more.
        """
        data = tuple(data)
        if data == self._data:
            return
        sources = {each.name: each.sources for each in data}
        for datum in self._data:
            if sources.get(datum.name) != datum.sources:
                self.snapshot.drop(datum.name)
        self._data = data
        if self._came is None:
            return
        now = self._clock.seconds()
        known = {due.datum.name: due for due in self._due}
        self._due = [self._changed(known.get(datum.name), datum, now) for datum in data]
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._arm()

    def _changed(self, due: _Due | None, datum: Datum, now: float) -> _Due:
        # not all guests at the same moment
        soon = now + self._random.uniform(0.0, datum.period)
        if due is None or due.datum.sources != datum.sources:
            return _Due(datum, soon)
        due.datum = datum
        if due.when > now + datum.period:
            due.when = soon
        return due

    def _arm(self) -> None:
        if self._due and self._asking is None and self._timer is None:
            first = min(self._due, key=lambda due: due.when)
            wait = max(0.0, max(first.when, self._owed - STRETCH / SHARE) - self._clock.seconds())
            self._timer = self._clock.callLater(wait, self._ask, first)

    def _ask(self, due: _Due) -> None:
        self._timer = None
        self._next(due)
        if not self._guest.can_be_asked:
            self._arm()  # its turn comes again
            return
        self._asked_at = self._clock.seconds()
        asking = self._asking = Deferred.fromCoroutine(self._round(due))
        asking.addErrback(self._broken, due).addBoth(lambda _: self._asked())

    def _asked(self) -> None:
        self._asking = None
        now = self._clock.seconds()
        owed = max(self._owed, self._asked_at) + (now - self._asked_at) / SHARE
        # how long it waited for others counts too, so there is an end to it
        self._owed = min(owed, now + PAUSE + STRETCH / SHARE)
        self._arm()

    def _next(self, due: _Due) -> None:
        """Set the next time: a whole number of periods later, and never in the past."""
        now = self._clock.seconds()
        period = due.datum.period
        if self._came is not None and now < self._came + BURST_LASTS:
            period = min(period, BURST)
        due.when += period * max(1.0, (now - due.when) // period + 1.0)

    async def _round(self, due: _Due) -> None:
        """Ask for one datum, of the first of its sources that the guest has."""
        if not self._abilities.known:
            self._abilities.learn(await self._poll("guest-info", {}))
            if "guest-get-osinfo" in self._abilities.commands:
                self._abilities.system(await self._poll("guest-get-osinfo", {}))
        for source in self._abilities.usable(due.datum.sources):
            sent = self._wall()
            try:
                said = await source.said(self._poll)
            except CommandNotFound:
                self._abilities.lacks(source)
                continue
            if due in self._due:  # it is still wanted
                self._take(due.datum, source, Answer(said, sent, self._wall()))
            return

    async def _poll(self, command: str, arguments: Mapping[str, JSON]) -> JSON:
        if command != CLOSE and self._clock.seconds() > self._asked_at + BUDGET:
            raise Unreadable("it takes too long")
        return await self._guest.poll(command, arguments)

    def _take(self, datum: Datum, source: Source, answer: Answer) -> None:
        draft = Draft(self._series)
        source.read(answer, draft)
        self.snapshot.nonsense += draft.nonsense
        self.snapshot.overflow += draft.overflow
        reading = Reading(
            samples=tuple(draft.samples),
            time=answer.received,
            source=source.name,
            expires=answer.received + STALE * max(datum.period, PAUSE / STALE),
        )
        self.snapshot.take(datum.name, reading)
        self._taken(self._name, datum.name, reading)

    def _broken(self, failure: Failure, due: _Due) -> None:
        """It did not work: the datum rests, or the whole guest where it did not answer."""
        if failure.check(CancelledError):
            return
        if due in self._due:  # it is still wanted
            failures = self.snapshot.failures
            failures[due.datum.name] = failures.get(due.datum.name, 0) + 1
        rest = self._clock.seconds() + PAUSE
        if failure.check(SessionError):
            for each in self._due:
                each.when = max(each.when, rest)
        else:
            due.when = max(due.when, rest)
            if not failure.check(CommandFailed, Unreadable):
                self._log.failure(
                    "{guest}: {datum} was not read", failure, guest=self._name, datum=due.datum.name
                )
