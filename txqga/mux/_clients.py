"""The clients of one guest: who is let in, and who is there."""

from collections.abc import Callable
from functools import partial
from itertools import count

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, IReactorTime, ITransport
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.mux._callers import Caller, Peer, User, peer, refusal_of
from txqga.mux._connection import Connection
from txqga.mux._guest import Guest
from txqga.mux._hangup import has_hung_up
from txqga.mux._seats import Seats
from txqga.wire import refusal

#: Connections that one guest's socket serves at the same time.
MOST = 256


@implementer(IHalfCloseableProtocol)
class Client(Protocol):
    """A client's connection, as Twisted sees it."""

    def __init__(self, clients: "Clients") -> None:
        self._clients = clients
        self._connection: Connection | None = None  #: None: not served

    def connectionMade(self) -> None:
        """Let the client in, or tell it why not."""
        assert self.transport is not None
        self._connection = self._clients.welcome(self.transport)

    def dataReceived(self, data: bytes) -> None:
        """Take what the client said."""
        if self._connection is not None:
            self._connection.receive(data)

    def readConnectionLost(self) -> None:
        """The client will say no more."""
        if self._connection is not None:
            self._connection.ended()

    def writeConnectionLost(self) -> None:
        """We will say no more: the end of the connection follows."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The client has gone."""
        if self._connection is not None:
            self._clients.left(self._connection)


class Clients(ServerFactory):
    """The clients of one guest: who is let in, and who is there."""

    noisy = False
    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        guest: Guest,
        *,
        by_user: bool = False,
        seats: Seats | None = None,
        refuses: Callable[[Peer], str | None] = refusal_of,
        identify: Callable[[ITransport], Peer] = peer,
        has_hung_up: Callable[[ITransport], bool] = has_hung_up,
    ) -> None:
        """
        :param by_user: handles belong to the user who connects, not to the connection.
        :param seats: of the clients of all guests; None: there is no end to them.
        :param refuses: says why somebody is not let in; None if they are.
        """
        self._clock = clock
        self._guest = guest
        self.by_user = by_user  #: of those who connect from now on
        self._seats = seats or Seats(lambda: 1)
        self._refuses = refuses
        self._identify = identify
        self._has_hung_up = has_hung_up
        self._connections: dict[Connection, None] = {}
        self._numbers = count(1)
        self._empty: list[Deferred[None]] = []

    @property
    def count(self) -> int:
        """How many are served now."""
        return len(self._connections)

    def buildProtocol(self, addr: IAddress | None) -> Client:
        """Take a connection."""
        return Client(self)

    def welcome(self, transport: ITransport) -> Connection | None:
        """Let a client in; None if it is told why not."""
        peer = self._identify(transport)
        why = self._refuses(peer)
        if why is None and self.count >= MOST:
            why = f"{MOST} clients are connected to this socket already; try again later"
        if why is None:
            why = self._seats.refusal()
        if why is not None:
            self._log.warn(
                "{guest}: pid {pid} of uid {uid} is refused: {reason}",
                guest=self._guest.name,
                pid=peer.pid,
                uid=peer.uid,
                reason=why,
            )
            transport.write(refusal("GenericError", why))
            transport.loseConnection()
            return None
        name = f"client {next(self._numbers)} (pid {peer.pid}, uid {peer.uid})"
        connection = Connection(
            self._clock,
            self._guest,
            Caller(name, User(peer.uid) if self.by_user else None, peer),
            transport,
            partial(self._has_hung_up, transport),
        )
        self._connections[connection] = None
        self._seats.taken += 1
        return connection

    def left(self, connection: Connection) -> None:
        """A client has gone."""
        del self._connections[connection]
        self._seats.taken -= 1
        connection.lost()
        if not self._connections:
            waiting, self._empty = self._empty, []
            for each in waiting:
                each.callback(None)

    def finish(self) -> None:
        """End each connection when what was said is answered."""
        for connection in list(self._connections):
            connection.finish()

    def gone(self) -> Deferred[None]:
        """Wait until nobody is there."""
        if not self._connections:
            return succeed(None)
        waiting: Deferred[None] = Deferred(self._empty.remove)
        self._empty.append(waiting)
        return waiting

    def drop_all(self) -> Deferred[None]:
        """End all connections, and wait until they are gone."""
        for connection in list(self._connections):
            connection.drop()
        return self.gone()
