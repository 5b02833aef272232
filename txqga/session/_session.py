"""One agent, seen from the host."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random, SystemRandom

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime, IStreamClientEndpoint
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import TxqgaError
from txqga.schema import CommandClass, command_class, extended, unfenced
from txqga.session._backoff import Backoff
from txqga.session._call import Call, Reply
from txqga.session._calls import Calls
from txqga.session._conversation import Conversation
from txqga.session._core import Core
from txqga.session._counters import Counters
from txqga.session._exchange import Asker
from txqga.session._fence import FENCE, FENCED, Fence
from txqga.session._flight import Flight
from txqga.session._freezing import TELLING, frozen_after
from txqga.session._link import Link
from txqga.session._longest import longest_line
from txqga.session._options import SessionOptions
from txqga.session._queue import Queue
from txqga.session._silence import Ear
from txqga.session._standing import Standing
from txqga.session._states import State, Status
from txqga.session._sync import Sync
from txqga.wire import JSON, Success


class Session:
    """
    One agent, seen from the host: stays connected, and asks it what it is told to ask.

    ::

        session = Session(reactor, clientFromString(reactor, "unix:/run/qga/db1.sock"))
        session.start()
        await session.when_ready()
        print(await session.call("guest-get-osinfo"))

    Call :func:`txqga.monotonic` on the reactor first, or a step of the wall clock moves every
    deadline.

    :param reactor: tells the time; what connects is the endpoint.
    :param endpoint: where the agent's channel is on this host.
    :param name: of the guest, for the log.
    :param random: draws sync numbers and pauses; the operating system's by default.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorTime,
        endpoint: IStreamClientEndpoint,
        *,
        name: str = "",
        options: SessionOptions = SessionOptions(),  # noqa: B008 - it is frozen
        random: Random | None = None,
    ) -> None:
        random = SystemRandom() if random is None else random
        self._clock = reactor
        self._options = options
        self._schema = extended() if options.schema is None else options.schema
        self.name = name
        self.counters = Counters()
        self._standing = Standing(reactor, name)
        ear = Ear()
        self._link = Link(
            clock=reactor,
            endpoint=endpoint,
            ear=ear,
            backoff=Backoff(
                initial=options.retry_initial, longest=options.retry_max, random=random
            ),
            counters=self.counters,
            timeout=options.connect_timeout,
            name=name,
            nonce=f"{random.getrandbits(48):012x}",
            verbatim=options.verbatim,
        )
        self._fence = Fence(
            clock=reactor, secret=f"{random.getrandbits(128):032x}", is_wanted=options.fence
        )
        self._flight = Flight(clock=reactor, ear=ear, counters=self.counters, window=options.window)
        self._calls = Calls(
            line=self._link,
            flight=self._flight,
            queue=Queue(reactor, options.queue),
            counters=self.counters,
            fence=self._fence,
            unavailable=self._standing.unavailable,
            garbage=options.garbage,
        )
        asker = Asker(
            clock=reactor,
            ear=ear,
            link=self._link,
            random=random,
            timeout=options.sync_timeout,
            fence=self._fence,
        )
        self._sync = Sync(
            Core(asker=asker, link=self._link, calls=self._calls, standing=self._standing)
        )
        self._link.host = self._calls.alarm = self._sync
        self._flight.overdue = self._sync.overdue
        self._link.listen = lambda: Conversation(self._calls, self._sync, self._link.probe)
        self._frozen_in = 0  # the epoch in which a reply said so
        self._standing.subscribe(self._ask_if_frozen)

    def start(self) -> None:
        """Connect, and stay connected until :meth:`stop`; a stopped session stays stopped."""
        self._sync.start()

    def stop(self) -> Deferred[None]:
        """
        Disconnect. Calls in flight fail with OutcomeUnknown, waiting ones with AgentUnavailable.

        :return: fires when the connection is closed.
        """
        self._sync.stop()
        return self._link.when_closed()

    def rest(self, why: str) -> None:
        """
        Disconnect, and try no more until :meth:`wake`: somebody knows that no agent listens.

        Calls in flight fail with OutcomeUnknown, as when the connection is lost.
        """
        self._link.rest()
        self._sync.lost(why)

    def wake(self) -> None:
        """Try to connect at once, if it would be tried later or not at all."""
        self._link.wake()

    def hurry(self, longest: float | None) -> None:
        """
        Let pauses between attempts to connect be short, for somebody waits for this agent.

        :param longest: the longest pause, in seconds; None: nobody waits any more.
        """
        self._link.hurry(longest)

    @property
    def status(self) -> Status:
        """How the session stands with its agent, now; without naming a command, for all may see."""
        status = self._standing.status
        oldest = self._flight.oldest
        if status.state is State.READY and oldest is not None:
            return Status(State.BUSY, "a command is running", oldest.written)
        return status

    @property
    def epoch(self) -> int:
        """How many connections there have been; what was learnt in one is no proof in the next."""
        return self._link.epoch

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """
        Tell ``listener`` each new status.

        All but ``BUSY``: it comes and goes with every call. Ask :attr:`status` for it.

        :return: call it to unsubscribe.
        """
        return self._standing.subscribe(listener)

    def when_ready(self) -> Deferred[None]:
        """
        Wait until calls are taken.

        :return: may be cancelled; fails with AgentUnavailable when the session is stopped.
        """
        return self._standing.when_ready()

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """
        Ask the agent.

        The arguments are not checked here: the agent may know more than our schema. Cancelling
        before the command was written takes it back; cancelling later only stops the waiting.

        :param arguments: in wire spelling.
        :param deadline: the longest silence once the command was written, in seconds.
        :param cap: the longest time altogether, in seconds, the wait for its turn included.
        :return: the value of ``return``.

            Fails with :class:`CommandFailed` or :class:`CommandNotFound` when the agent refuses;
            with :class:`AgentUnavailable` when nothing was written, at once if the agent is not
            ready; with :class:`OutcomeUnknown` when it was written and no reply came: it may have
            run, and its ``outcome`` tells if a late reply says so. A command that has no reply
            when it works (``guest-shutdown``) always ends as OutcomeUnknown, unless refused.
        """
        given = {} if arguments is None else arguments
        kind = command_class(self._schema, command, given)
        call = Call(
            command,
            kind.value,
            self._options.deadline if deadline is None else deadline,
            self._options.cap if cap is None else cap,
            self._clock.seconds(),
        )
        call.shared = kind is CommandClass.READ
        call.fenced = kind is CommandClass.ONCE and command not in (FENCE, FENCED)
        runs, inner = unfenced(command, given)
        call.longest = longest_line(runs, inner)
        described = self._schema.commands.get(runs)
        if command not in self._schema.commands:
            call.kind = "other"
        if described is not None:
            call.silent = not described.success_response
        if runs in TELLING:
            call.observe = partial(self._observe, runs)
        elif command == FENCE:  # from now on ours would be refused
            token = given.get("token")
            call.observe = lambda call, reply: self._fence_begun(token, reply)
        return self._calls.submit(call, given)

    def _fence_begun(self, token: JSON, reply: Reply) -> None:
        if isinstance(reply, Success):
            self._fence.begun(token, reply)

    def _observe(self, command: str, call: Call, reply: Reply) -> None:
        frozen = frozen_after(command, reply)
        if frozen:
            self._frozen_in = self.epoch
            self._standing.tell_frozen(f"so said the reply to {command}")
        elif frozen is False:
            self._standing.tell_thawed()

    def _ask_if_frozen(self, status: Status) -> None:
        # between two connections it may have been thawed by another, or started again
        if status.state is State.FROZEN and self._frozen_in != self.epoch:
            self._frozen_in = self.epoch
            self.call("guest-fsfreeze-status").addErrback(self._not_told)

    def _not_told(self, failure: Failure) -> None:
        failure.trap(TxqgaError)
        self._log.warn(
            "{guest}: it was frozen, and does not say whether it is: {why}",
            guest=self.name,
            why=str(failure.value),
        )
