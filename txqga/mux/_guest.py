"""
One guest: its session, and everybody who wants something of its agent.

A command comes in from a client; it waits for its turn, runs, and its answer goes to all who
asked for it. On the way its handle is checked, and what it makes is taken into custody.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from twisted.internet import defer
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorTime

from txqga.errors import AgentUnavailable, CommandFailed, InvalidArguments
from txqga.fsfreeze import Freezer
from txqga.mux import _turn
from txqga.mux._agent_session import AgentSession
from txqga.mux._arguments import fault
from txqga.mux._callers import Caller, masters
from txqga.mux._calls import Calls
from txqga.mux._caps import is_silent
from txqga.mux._custody import Custody
from txqga.mux._events import Events
from txqga.mux._freezing import RENEW, Freezing, Journal, Through
from txqga.mux._guest_options import GuestOptions
from txqga.mux._handles import LIST, Handle, used
from txqga.mux._job import Job
from txqga.mux._lanes import Lane, lane
from txqga.mux._outlook import Outlook
from txqga.mux._presence import Presence
from txqga.mux._queue import Queue
from txqga.mux._reads import Reads
from txqga.mux.policy._authority import Authority
from txqga.schema import unfenced
from txqga.session import Counters, State, Status
from txqga.wire import JSON, plain


class Guest:
    """One guest: its session, and everybody who wants something of its agent."""

    def __init__(
        self,
        clock: IReactorTime,
        name: str,
        session: AgentSession,
        options: GuestOptions | None = None,
        events: Events | None = None,
        journal: Journal | None = None,
        authority: Authority | None = None,
    ) -> None:
        """
        :param journal: where leases are written down; None: they end with the process.
        :param authority: says who may call what; None: everybody everything.
        """
        self.name = name
        self._authority = authority
        self._events = Events() if events is None else events
        self._clock = clock
        self._session = session
        self._options = options or GuestOptions()
        self._schema = self._options.schema
        self.outlook = Outlook(session, clock.seconds, self._look_out)
        self._presence = Presence(clock, self.outlook)
        self._reads = Reads(self._schema)
        self._custody = Custody(clock, self.ask_myself, name, masters())
        self.freezing = Freezing(
            clock,
            name,
            self._run,
            self._schema,
            self._options.terms,
            self._events,
            journal,
            authority,
            session.hurry,
            self._sift,
        )
        self.calls = Calls(
            clock,
            session,
            self._schema,
            self._options.caps,
            self._presence,
            self._reads,
            self._custody,
        )
        self._queue = Queue(self._options.bounds)
        self._turn = _turn.machine(_turn.Core(self._queue, self.calls.run, self.calls.dropped))
        self.figures = self.calls.figures  #: what became of commands, and how long they took
        self._mux = Caller("the mux")
        self._closed: AgentUnavailable | None = None  #: why clients are served no more
        self._was_ready = False
        self._told: tuple[State, str] | None = None
        self._unsubscribe = session.subscribe(self._changed)

    def start(self) -> None:
        """Connect to the agent, and stay connected."""
        self.freezing.start()
        self._custody.start()
        self._session.start()

    async def drain(self, patience: float) -> None:
        """Refuse the commands of clients, and wait so many seconds for the one that runs."""
        self._closed = AgentUnavailable("closed", "the mux is stopping")
        self._sift(lambda job: self._closed)
        with suppress(defer.TimeoutError):
            await self._presence.idle().addTimeout(patience, self._clock)

    async def stop(self, patience: float = 5.0) -> None:
        """
        Release what clients have left, if it can be done in so many seconds, and let the agent go.

        A frozen guest is thawed first, which may take longer.
        """
        await self.freezing.stop()
        with suppress(defer.TimeoutError):
            await self._custody.quiet().addTimeout(patience, self._clock)
        self._turn.close()
        self._custody.stop()
        await self._session.stop()
        self.freezing.close()
        self._unsubscribe()

    @property
    def status(self) -> Status:
        """How the agent is, now."""
        return self.freezing.status(self._presence.status(self.outlook.status))

    @property
    def counters(self) -> Counters:
        """What went wrong on the agent's channel."""
        return self._session.counters

    @property
    def waiting(self) -> dict[Lane, int]:
        """How many commands wait for their turn, by lane."""
        return self._queue.depths

    @property
    def running(self) -> tuple[str, float] | None:
        """The command that the agent is at, and since when."""
        return self._presence.running

    # -- what clients do

    def sync(self) -> Deferred[None]:
        """
        Wait until the agent is there.

        :return: fails with :class:`AgentUnavailable`, a few seconds later at most.
        """
        return self._presence.sync() if self._closed is None else fail(self._closed)

    def ask(
        self,
        caller: Caller,
        command: str,
        arguments: Mapping[str, JSON],
        octets: int = 0,
        *,
        verbatim: bool = False,
    ) -> Deferred[JSON]:
        """
        Run a command when its turn comes.

        :param octets: length of the request.
        :param verbatim: long base64 in the value may be a :class:`txqga.wire.Verbatim`.
        :return: the value of ``return``; fails with :class:`CommandFailed` (the agent refused, or
            the policy), :class:`AgentUnavailable` (it did not run) or :class:`OutcomeUnknown`.
            Cancel it when nobody waits any more: what has not been written will not run then.
        """
        run = partial(self._ask, caller, command, arguments, octets)
        gate = self._authority
        asked = run() if gate is None else gate.ask(caller, self.name, command, arguments, run)
        if unfenced(command, arguments)[0] == LIST:
            asked.addCallback(partial(self._custody.listed, caller.owner, caller.person))
        return asked if verbatim else asked.addCallback(plain)

    def _ask(
        self, caller: Caller, command: str, arguments: Mapping[str, JSON], octets: int
    ) -> Deferred[JSON]:
        if (why := self._closed or self._presence.unavailable()) is not None:
            return fail(why)
        runs = unfenced(command, arguments)
        handle = used(*runs)
        if handle is not None and not self._custody.may_use(caller.owner, handle, caller.person):
            return fail(self.fault(*runs) or CommandFailed(handle.unknown, runs[0]))
        if command == RENEW:
            return self.freezing.renew(arguments)
        if (frozen := self.freezing.refusal(command, arguments)) is not None:
            return fail(frozen)
        through = self.freezing.through(caller.name, command, arguments)
        if through is not None:
            wrong = self.fault(command, arguments) or self.fault(*runs)
            if wrong is not None:
                return fail(wrong)  # what never ran need not be undone
        key = self._reads.key(command, arguments, octets)
        if key is not None and (same := self._reads.get(key)) is not None:
            return same.wait()
        return self._submit(caller, command, arguments, octets, handle, key, through)

    def freezer(
        self, owner: str, seconds: float | None = None, mountpoints: list[str] | None = None
    ) -> Freezer:
        """
        Make a holder of this guest's filesystems, for the program that the mux is part of.

        The parameters are those of :class:`txqga.fsfreeze.Freezer`.
        """
        return self.freezing.freezer(owner, seconds, mountpoints)

    def is_silent(self, command: str, arguments: Mapping[str, JSON]) -> bool:
        """Whether the command has no reply when it works."""
        return is_silent(self._schema, unfenced(command, arguments)[0])

    def fault(self, command: str, arguments: Mapping[str, JSON]) -> InvalidArguments | None:
        """Say what is wrong with the arguments of a command, in the agent's words."""
        return fault(self._schema, command, arguments)

    def leave(self, caller: Caller) -> None:
        """A client has gone: release what it alone could use."""
        if caller.user is None:
            self._custody.left(caller.owner)

    # -- inside

    def _submit(
        self,
        caller: Caller,
        command: str,
        arguments: Mapping[str, JSON],
        octets: int = 0,
        handle: Handle | None = None,
        key: tuple[str, bytes] | None = None,
        through: Through | None = None,
    ) -> Deferred[JSON]:
        job = Job(
            command=command,
            arguments=arguments,
            lane=Lane.POLLS if caller.polls else lane(*unfenced(command, arguments)),
            client=caller,
            asker=caller.name,
            owner=caller.owner,
            person=caller.person,
            octets=octets,
            since=self._clock.seconds(),
            handle=handle,
            key=key,
            through=through,
            abandoned=self._turn.withdraw,
        )
        waiting = job.wait()
        self._reads.add(job)
        self._custody.begin(job)
        self._turn.ask(job)
        return waiting

    def ask_myself(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        """
        Run a command for the mux itself.

        :return: as of :meth:`ask`; the arguments are not checked.
        """
        return self._run(command, arguments, None)

    def _run(
        self, command: str, arguments: Mapping[str, JSON], through: Through | None
    ) -> Deferred[JSON]:
        if (why := self._presence.unavailable()) is not None:
            return fail(why)
        return self._submit(self._mux, command, arguments, through=through)

    def _sift(self, why_not: _turn.WhyNot) -> None:
        """Let no command of a client wait for which there is a reason."""
        self._turn.sift(lambda job: None if job.client is self._mux else why_not(job))

    def _changed(self, status: Status) -> None:
        self._look_out(self.outlook.over(status))

    def _look_out(self, status: Status) -> None:
        """What the session knows has changed, or what QEMU says."""
        if (status.state, status.reason) == self._told:
            return
        self._told = status.state, status.reason
        self._events.tell("guest-state", self.name, state=status.state.value, reason=status.reason)
        # later, for a listener is called in the middle of things
        if status.state.is_ready is not self._was_ready or not status.state.is_ready:
            self._was_ready = status.state.is_ready
            self._clock.callLater(0, self._look)

    def _look(self) -> None:
        self._presence.changed()
        if self._presence.unavailable() is None:
            self.freezing.freezes.ready(self._session.epoch)
            self._custody.ready()
