"""A guest, for programs that want something of one."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint, clientFromString
from twisted.internet.interfaces import IReactorTime, IStreamClientEndpoint

from txqga._guest_name import NAME
from txqga.errors import AgentUnavailable
from txqga.fsfreeze import Freezer
from txqga.guest._copies import Copies
from txqga.guest._in_mux import InMux
from txqga.guest._programs import Programs
from txqga.guest._session_source import SessionSource
from txqga.guest._through_mux import ThroughMux
from txqga.session import Session, SessionOptions, Status

if TYPE_CHECKING:
    from txqga.mux import Caller, Mux

G = TypeVar("G", bound="Guest")

#: Where the mux's unit has the sockets of its guests.
FOLDER = "/run/txqga"

#: A mux holds a sync for five seconds while an agent may come, and lets commands wait their turn.
AT_MUX = SessionOptions(sync_timeout=10.0, deadline=30.0)


class Guest(Programs, Copies):
    """
    A guest: a method for each command of its agent, and what is made of several.

    ::

        async with Guest.connect(reactor, "unix:/run/qga/db1.sock") as guest:
            await guest.wait_ready(30)
            system = await guest.get_osinfo()
            print(system.pretty_name)

    ``guest-get-osinfo`` is the method ``get_osinfo``, ``txqga-info`` is ``txqga_info``. Each takes
    the command's arguments, octets as ``bytes``, and ``deadline`` and ``cap`` as :meth:`call` does;
    what it returns is described in :mod:`txqga.guest.types`. Its Deferred can be cancelled. It
    fails as that of :meth:`call`, and with :class:`~txqga.errors.InvalidArguments` when the
    arguments do not fit the schema: then nothing was sent; with :class:`~txqga.errors.Misfit` when
    the reply does not. Commands without a reply, such as ``guest-shutdown``, give None when they
    were sent and not refused.

    Make one with :meth:`connect`, :meth:`at_mux`, :meth:`of_session` or :meth:`of_mux`. Call
    :func:`txqga.monotonic` on the reactor first.

    Programs are run as if they were here by :meth:`run` and :meth:`start`, files are copied by
    :meth:`push` and :meth:`pull`.

    A guest whose agent has more commands is of a class of its own, made with their schema::

        class OurGuest(Guest, schema=extended().with_fragment(text, "statvfs/schema.json")):
            \"\"\"One that has our plug-ins.\"\"\"
    """

    # -- where it is

    @classmethod
    def connect(
        cls: type[G],
        reactor: Any,
        where: str | IStreamClientEndpoint,
        *,
        name: str = "",
        options: SessionOptions = SessionOptions(),  # noqa: B008 - it is frozen
    ) -> G:
        """
        Connect to an agent, and stay connected until :meth:`close`.

        :param reactor: provides ``IReactorTime``, and what the endpoint needs.
        :param where: the host's end of the agent's channel: an endpoint, or its description, such
            as ``unix:/run/qga/db1.sock``, ``vsock:3:1024``. A guest's socket of a mux is one too.
        :param name: for the log.
        :return: at once; :meth:`wait_ready` waits for the agent.
        :raise ValueError: that is no description of an endpoint.
        """
        endpoint = _endpoint(reactor, where) if isinstance(where, str) else where
        session = Session(reactor, endpoint, name=name, options=cls._knowing(options))
        session.start()
        return cls(reactor, SessionSource(reactor, session, is_ours=True))

    @classmethod
    def at_mux(
        cls: type[G],
        reactor: Any,
        name: str,
        *,
        folder: str | Path = FOLDER,
        options: SessionOptions = AT_MUX,
    ) -> G:
        """
        Connect to a guest through the mux on this host, by the guest's name.

        As :meth:`connect` to its socket; but where the mux answers for an agent that is away, or
        has given a command up, the call fails as it would without a mux between.

        :param folder: with the sockets of the guests: what the mux was told as ``--serve``.
        :param options: by default with 30 seconds for a call, which may have to wait its turn.
        :raise ValueError: no guest can have such a name.
        """
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a guest")
        endpoint = UNIXClientEndpoint(reactor, str(Path(folder) / f"{name}.sock"))
        # an agent has one fence, and it is the mux's
        chosen = evolve(cls._knowing(options), fence=False)
        session = Session(reactor, endpoint, name=name, options=chosen)
        session.start()
        return cls(reactor, ThroughMux(reactor, session, cls.schema))

    @classmethod
    def of_session(
        cls: type[G], clock: IReactorTime, session: Session, *, stops: bool = False
    ) -> G:
        """
        Make one of a session that somebody else starts.

        :param clock: the reactor that the session has.
        :param stops: whether :meth:`close` stops it.
        """
        return cls(clock, SessionSource(clock, session, is_ours=stops))

    @classmethod
    def of_mux(cls: type[G], clock: IReactorTime, mux: "Mux", name: str, caller: "Caller") -> G:
        """
        Make one of a guest of a mux in this process.

        :param clock: the reactor that the mux has.
        :param caller: who asks: by its name in the log, and with its rights.
        """
        return cls(clock, InMux(clock, mux, name, caller, cls.schema))

    @classmethod
    def _knowing(cls, options: SessionOptions) -> SessionOptions:
        """Let the session know what the guest's commands do when they are asked twice."""
        return options if options.schema is not None else evolve(options, schema=cls.schema)

    def close(self) -> Deferred[None]:
        """
        Thaw what was frozen through here, if that can be done in half a minute, and disconnect.

        A session or mux of somebody else's goes on.
        """
        return self._source.close()

    async def __aenter__(self: G) -> G:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        why: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    # -- how it is

    @property
    def name(self) -> str:
        """Its name."""
        return self._source.name

    @property
    def status(self) -> Status:
        """How its agent is, now."""
        return self._source.status

    def subscribe(self, listener: Callable[[Status], None]) -> Callable[[], None]:
        """
        Tell ``listener`` each new status; see :meth:`txqga.session.Session.subscribe`.

        :return: call it to unsubscribe.
        """
        return self._source.subscribe(listener)

    def wait_ready(self, timeout: float | None = None) -> Deferred[None]:
        """
        Wait until the agent can be asked.

        :param timeout: for so many seconds at most; None: as long as it takes.
        :return: may be cancelled; fails with :class:`~txqga.errors.AgentUnavailable`, which says
            how the agent is, when the time is over or it never will be ready.
        """
        waiting = self._source.when_ready()
        if timeout is None:
            return waiting

        def out_of_time(result: object, seconds: float) -> None:
            status = self.status
            raise AgentUnavailable(
                status.state.value, f"{status.reason} (waited for {seconds:g} s)"
            )

        return waiting.addTimeout(timeout, self._clock, onTimeoutCancel=out_of_time)

    # -- what is made of several

    def freezer(
        self,
        owner: str,
        seconds: float | None = None,
        mountpoints: list[str] | None = None,
    ) -> Freezer:
        """
        Make a holder of its filesystems, whose freeze is a lease: see :mod:`txqga.fsfreeze`.

        :param owner: who holds it, for people.
        :param seconds: how long it may be frozen at a time; None: five minutes.
        :param mountpoints: what to freeze; None: all there is.
        """
        return self._source.freezer(owner, seconds, mountpoints)


def _endpoint(reactor: Any, description: str) -> IStreamClientEndpoint:
    try:
        endpoint: IStreamClientEndpoint = clientFromString(reactor, description)
    except (ValueError, TypeError) as why:
        raise ValueError(f"{description!r} describes no endpoint: {why}") from why
    return endpoint
