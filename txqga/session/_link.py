"""Gets a connection, and another one when asked, with growing pauses."""

from collections.abc import Callable
from typing import Protocol as Seam

from attrs import define, field
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.internet.interfaces import IAddress, IDelayedCall, IReactorTime, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.session._backoff import Backoff
from txqga.session._channel import ChannelProtocol, Listener
from txqga.session._counters import Counters
from txqga.session._reasons import connect_failed
from txqga.session._silence import Ear
from txqga.wire import ReplyReader


class Host(Seam):
    """Who wants the connection."""

    def connected(self) -> None:
        """There is one."""

    def lost(self, why: str) -> None:
        """There is none."""


class _Channels(Factory):
    """Makes the protocol of one connection, without a word in the log."""

    noisy = False

    def __init__(self, make: Callable[[], ChannelProtocol]) -> None:
        self._make = make

    def buildProtocol(self, addr: IAddress | None) -> ChannelProtocol:
        return self._make()


@define(kw_only=True)
class Link:
    """Gets a connection, and another one when asked. Each one is an epoch."""

    clock: IReactorTime
    endpoint: IStreamClientEndpoint
    ear: Ear
    backoff: Backoff
    counters: Counters
    timeout: float  #: for one attempt, in seconds
    name: str  #: of the guest, for the log
    nonce: str  #: tells this session's ids from those of other processes
    verbatim: bool = False  #: long base64 in replies is not decoded

    host: Host = field(init=False)
    listen: Callable[[], Listener] = field(init=False)  #: names who listens to a new connection
    epoch: int = field(default=0, init=False)
    _attempt: Deferred[None] | None = field(default=None, init=False)
    _retry: IDelayedCall | None = field(default=None, init=False)
    _channel: ChannelProtocol | None = field(default=None, init=False)
    _proven: float | None = field(default=None, init=False)  #: since when the agent answers
    _rests: bool = field(default=False, init=False)
    _owed: bool = field(default=False, init=False)  #: an attempt, when it rests no more
    _longest: float | None = field(default=None, init=False)  #: pause while somebody is in a hurry

    _log = Logger()

    @property
    def prefix(self) -> str:
        """What the ids of this epoch begin with."""
        return f"{self.nonce}.{self.epoch}."

    @property
    def probe(self) -> str:
        """The id of the question whether ids come back; the calls' begin at 1."""
        return f"{self.prefix}0"

    def connect(self) -> None:
        """Try now; the host is told how it went."""
        self._retry = None
        if self._rests:
            self._owed = True
            return
        attempt = maybeDeferred(self.endpoint.connect, _Channels(self._make))
        attempt.addTimeout(self.timeout, self.clock)
        self._attempt = attempt.addCallback(_none)
        self._attempt.addErrback(self._failed)

    def reconnect(self) -> None:
        """Drop the connection if there is one, and try again after a pause."""
        self._leave()
        now = self.clock.seconds()
        pause = self.backoff.pause(0.0 if self._proven is None else now - self._proven)
        self._proven = None
        if self._longest is not None:
            pause = min(pause, self._longest)
        if self._rests:
            self._owed = True
            return
        self._log.debug("{guest}: next attempt in {pause:.2f} s", guest=self.name, pause=pause)
        self._retry = self.clock.callLater(pause, self.connect)

    def close(self) -> None:
        """Drop the connection if there is one, and stop trying."""
        self._leave()
        self._owed = False
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def rest(self) -> None:
        """Try no more until :meth:`wake`; what there is of a connection is the host's to end."""
        self._rests = True
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
            self._owed = True

    def wake(self) -> None:
        """Try at once what would be tried later: it may well go better now."""
        self._rests = False
        if self._retry is not None:
            self._retry.cancel()
            self._owed = True
        if self._owed:
            self._owed = False
            self.backoff.forget()
            self.connect()

    def hurry(self, longest: float | None) -> None:
        """Pause no longer than this between two attempts, in seconds; None: as ever."""
        self._longest = longest
        if self._retry is not None and longest is not None:
            left = self._retry.getTime() - self.clock.seconds()
            self._retry.reset(min(left, longest))

    def when_closed(self) -> Deferred[None]:
        """Wait until the transport has let go of the last connection."""
        return succeed(None) if self._channel is None else self._channel.when_gone()

    def proven(self) -> None:
        """Note that an agent answered on this connection."""
        self._proven = self.clock.seconds()

    def write(self, octets: bytes) -> None:
        """Send."""
        if self._channel is not None:
            self._channel.write(octets)

    def expect(self, octets: int) -> None:
        """Take lines of so many octets."""
        if self._channel is not None:
            self._channel.reader.max_octets = octets

    def skip(self) -> None:
        """Discard what comes before the next 0xFF."""
        if self._channel is not None:
            self._channel.reader.skip()

    def _make(self) -> ChannelProtocol:
        reader = ReplyReader(verbatim=self.verbatim)
        return ChannelProtocol(self.clock, self.ear, self._made, reader)

    def _made(self, channel: ChannelProtocol) -> None:
        self._channel = channel
        self.epoch += 1
        self.counters.connections += 1
        channel.attend(self.listen())
        self.host.connected()

    def _failed(self, failure: Failure) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            self.host.lost(connect_failed(failure))

    def _leave(self) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.cancel()
        if self._channel is not None:
            self._channel.drop()


def _none(protocol: object) -> None:
    """Forget the protocol: the channel said itself that it is connected."""
