"""
What the mux knows of freezing one guest.

Each way in which a client freezes or thaws goes through the guest's freezes, at the turn of the
command: what is between two commands of the agent is decided there, and nowhere else.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeAlias

from attrs import define, evolve
from twisted.internet import defer
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorTime

from txqga.errors import AgentUnavailable, CommandNotFound
from txqga.fsfreeze import Freezer, Freezes, Stage, Standing, Terms
from txqga.mux._callers import Caller
from txqga.mux._events import Events
from txqga.mux._freeze_figures import FreezeFigures
from txqga.mux._turn import WhyNot
from txqga.mux.policy._authority import Authority
from txqga.schema import Schema
from txqga.session import State, Status
from txqga.wire import JSON

#: Sends a command that has its turn.
Send: TypeAlias = Callable[[], Deferred[JSON]]

#: What a command goes through when it has its turn.
Through: TypeAlias = Callable[[Send], Deferred[JSON]]

_FREEZES = frozenset({"guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list"})
_THAW = "guest-fsfreeze-thaw"

_OWNED = _FREEZES | {_THAW}

#: Renews the mux's lease, and with it the guest's own limit.
RENEW = "txqga-freeze-lease"

#: Carries another command.
_FENCED = "txqga-fenced"

#: Seconds that a mux which stops waits for a thaw.
PATIENCE = 30.0


class Journal(Protocol):
    """Where it is written down how guests stand."""

    def recall(self, guest: str) -> Standing | None:
        """Say how a guest stood when the last process ended."""

    def note(self, guest: str, standing: Standing) -> Deferred[None]:
        """Write down how a guest stands; see :class:`txqga.fsfreeze.Ledger`."""


@define
class Page:
    """One guest's part of the journal."""

    journal: Journal
    guest: str

    def note(self, standing: Standing) -> Deferred[None]:
        """Write down how it stands."""
        return self.journal.note(self.guest, standing)


class Freezing:
    """What the mux knows of freezing one guest."""

    def __init__(
        self,
        clock: IReactorTime,
        guest: str,
        run: Callable[[str, Mapping[str, JSON], Through | None], Deferred[JSON]],
        schema: Schema,
        terms: Terms,
        events: Events,
        journal: Journal | None = None,
        authority: Authority | None = None,
        hurry: Callable[[float | None], None] = lambda longest: None,
        sift: Callable[[WhyNot], None] = lambda why_not: None,
    ) -> None:
        """
        :param run: asks the agent, for the mux itself; what the command goes through at its turn.
        :param journal: None: leases end with the process.
        :param authority: says who may; None: everybody.
        :param hurry: as of :class:`txqga.fsfreeze.Freezes`.
        :param sift: refuses what waits for its turn, where there is a reason.
        """
        self._clock = clock
        self._guest = guest
        self._schema = schema
        self._events = events
        self._journal = journal
        self._authority = authority
        self._run = run
        self._sift = sift
        self._ended = False
        self.figures = FreezeFigures()
        self.freezes = Freezes(
            clock,
            lambda command, arguments: run(command, arguments, None),
            name=guest,
            terms=terms,
            ledger=None if journal is None else Page(journal, guest),
            told=self._told,
            retried=self.figures.retried,
            hurry=hurry,
        )

    @property
    def terms(self) -> Terms:
        """For how long the guest may be frozen by those who ask from now on."""
        return self.freezes.terms

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.freezes.terms = terms

    def start(self) -> None:
        """Take up what the last process has left."""
        left = None if self._journal is None else self._journal.recall(self._guest)
        if left is not None:
            self.freezes.recover(left)
            self.figures.recalled(self.freezes.standing)

    async def stop(self, patience: float = PATIENCE) -> None:
        """
        Thaw, if that can be done in so many seconds.

        Nobody knows whether a mux that is stopped is started again, and a guest must not stay
        frozen past its deadline: whoever froze it is told when they thaw it.
        """
        self._ended = True
        released = self.freezes.release("the mux was stopped")
        with suppress(defer.TimeoutError):
            await released.addTimeout(patience, self._clock)

    def close(self) -> None:
        """Do nothing more."""
        self.freezes.stop()

    def freezer(
        self,
        owner: str,
        seconds: float | None = None,
        mountpoints: list[str] | None = None,
        caller: Callable[[], Caller] | None = None,
        group: tuple[str, int] | None = None,
    ) -> Freezer:
        """
        Make a holder.

        :param caller: tells at each command who wants it: whether they may is asked, and written
            down. None: the program that the mux is part of, which may.
        :param group: the id of the group that it is frozen with, and the rank in it.
        """
        run = partial(self._bring, caller)
        return Freezer(
            self.freezes, run, owner, seconds=seconds, mountpoints=mountpoints, group=group
        )

    def through(self, client: str, command: str, arguments: Mapping[str, JSON]) -> Through | None:
        """Say what a client's command goes through; None: nothing."""
        command, carried = _carried(command, arguments)
        if command in _FREEZES:
            return lambda send: self.freezes.freeze(
                client, send, mountpoints=carried.get("mountpoints")
            )
        return self.freezes.thaw if command == _THAW else None

    def refusal(self, command: str, arguments: Mapping[str, JSON]) -> CommandNotFound | None:
        """Say why a command cannot be run for a frozen guest; None: it can be tried."""
        why = self.freezes.refusal(command)
        if why is None:
            return None
        command, _ = _carried(command, arguments)
        known = self._schema.commands.get(command)
        return None if known is not None and known.allowed_while_frozen else why

    def renew(self, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        """Answer ``txqga-freeze-lease``, which is about the mux's lease for a client."""
        renewed = self.freezes.renew(arguments.get("seconds"))
        return renewed.addCallback(lambda seconds: {"seconds": int(seconds)})

    def status(self, status: Status) -> Status:
        """Say how the agent is, if the guest is frozen too."""
        standing = self.freezes.standing
        if not status.state.is_ready or standing.stage not in (Stage.FROZEN, Stage.THAWING):
            return status
        reason = standing.told(self._clock.seconds())
        return evolve(status, state=State.FROZEN, reason=reason, since=standing.since)

    def _bring(
        self,
        caller: Callable[[], Caller] | None,
        command: str,
        arguments: Mapping[str, JSON],
        through: Through,
    ) -> Deferred[JSON]:
        run = partial(self._run, command, arguments, through)
        if command in _FREEZES and self._ended:
            return fail(AgentUnavailable("closed", "the mux is stopping"))
        # what is neither freeze nor thaw the mux asks of its own accord
        if caller is None or self._authority is None or command not in _OWNED:
            return run()
        return self._authority.ask(caller(), self._guest, command, arguments, run)

    def _told(self, standing: Standing) -> None:
        lease = standing.lease
        self.figures.told(standing, self._clock.seconds())
        self._events.tell(
            "guest-freeze",
            self._guest,
            stage=standing.stage.value,
            reason=standing.reason,
            owner=lease.owner,
            seconds=round(max(0.0, lease.deadline - self._clock.seconds()), 3),
        )
        if standing.stage in (Stage.FREEZING, Stage.FROZEN):
            # what the guest would refuse need not wait for its turn to hear so
            self._sift(lambda job: self.refusal(job.command, job.arguments))


def _carried(command: str, arguments: Mapping[str, JSON]) -> tuple[str, Mapping[str, JSON]]:
    """Take a command out of what carries it."""
    if command == _FENCED:
        execute, carried = arguments.get("execute"), arguments.get("arguments")
        if isinstance(execute, str):
            return execute, carried if isinstance(carried, dict) else {}
    return command, arguments
