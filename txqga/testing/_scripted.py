"""
A guest agent behind QEMU's channel, in memory, that does as it is told.

What makes a host's life hard is in it: the channel serves one connection at a time and lets the
others wait, unanswered; octets written to an agent that does not run yet wait for it, and are
executed when it starts; they are thrown away when the host closes before that, but not when the
agent only hangs; replies go to whoever is connected when they come. The agent is one thread:
while an answer is awaited nothing else is looked at.

Nothing moves by itself: :meth:`ScriptedAgent.flush` carries everything that can be carried.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from attrs import define, field, frozen
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IAddress,
    IProtocol,
    IProtocolFactory,
    IStreamClientEndpoint,
    ITransport,
)
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.errors import CommandFailed, CommandNotFound
from txqga.wire import (
    ABSENT,
    JSON,
    SENTINEL,
    Message,
    RequestFault,
    RequestReader,
    parse_request,
    refusal,
    success,
)


@frozen
class _Silence:
    """The type of :data:`SILENCE`."""


#: What a session says before anybody has asked for anything.
_BEGINNINGS = frozenset({"guest-sync", "guest-sync-delimited", "guest-ping", "txqga-fence"})

#: The answer of a command that has no reply, such as ``guest-shutdown``.
SILENCE: Final = _Silence()

#: What a command is answered with: a value, an error, raw octets, :data:`SILENCE`, or any of
#: these later.
Answer: TypeAlias = "JSON | CommandFailed | bytes | _Silence | Deferred[JSON]"


@frozen
class _Address:
    """Where the in-memory channel is."""

    name: str = "scripted"


@implementer(ITransport)
@define(eq=False)
class Connection:
    """The host's end of one connection."""

    _agent: "ScriptedAgent"
    protocol: IProtocol
    written: bytearray = field(factory=bytearray)  #: all that the host wrote
    closing: bool = False  #: the host closed it, and was not told yet that it is closed

    def write(self, data: bytes) -> None:
        if not self.closing:
            self.written += data
            self._agent._arrived(self, data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        self.closing = True

    def abortConnection(self) -> None:
        self.closing = True

    def getPeer(self) -> IAddress:
        return _Address()  # type: ignore[return-value]  # as bare as IAddress itself

    def getHost(self) -> IAddress:
        return _Address()  # type: ignore[return-value]


@implementer(IStreamClientEndpoint)
class ScriptedAgent:
    """
    An agent and its channel; as an endpoint, the host's side of it.

    :param ids: whether it echoes ``id``; agents before QEMU 4.0 refuse it.
    :param runs: whether it has started; a guest that is still booting has none.
    """

    def __init__(self, *, ids: bool = True, runs: bool = True) -> None:
        self.ids = ids
        self.unreachable: Exception | None = None  #: what connecting fails with, while set
        self.hangs = False  #: it exists and does nothing, as after SIGSTOP
        self.ran: list[tuple[str, Mapping[str, JSON]]] = []  #: the commands that it executed
        self.connections: list[Connection] = []  #: all that were ever made
        self._answers: dict[str, Callable[[Mapping[str, JSON]], Answer]] = {
            "guest-ping": lambda arguments: {},
            "guest-sync": lambda arguments: arguments["id"],
            "guest-sync-delimited": lambda arguments: arguments["id"],
        }
        self._open: deque[Connection] = deque()  # the first one is served
        self._inbox = bytearray()  # on the way to the agent
        self._outbox = bytearray()  # on the way to the host
        self._reader: RequestReader | None = None
        self._requests: deque[Callable[[], None]] = deque()
        self._waits = False
        self._flows = False
        if runs:
            self.start()

    # -- the script

    def answer(
        self, command: str, answer: "Answer | Callable[[Mapping[str, JSON]], Answer]"
    ) -> None:
        """Answer ``command`` from now on with ``answer``, or with what it returns."""
        self._answers[command] = answer if callable(answer) else lambda arguments: answer

    def start(self) -> None:
        """Start the agent: what is in the channel already is executed."""
        self._reader = RequestReader()

    def kill(self) -> None:
        """End the agent. Its port is closed, which the host does not notice."""
        self._reader = None
        self._waits = False
        self._requests.clear()
        self._outbox.clear()

    def say(self, octets: bytes) -> None:
        """Send what nobody asked for."""
        self._outbox += octets

    def hang_up(self, reason: Exception | None = None) -> None:
        """Close the served connection from this side, as a QEMU that ends."""
        if self._open:
            connection = self._open.popleft()
            connection.closing = True
            connection.protocol.connectionLost(Failure(reason or ConnectionDone()))
            self._serve()

    def flush(self) -> None:
        """Carry octets in both directions, and execute what arrives, until nothing is left."""
        if self._flows:
            return  # called by somebody who was told something: it goes on below
        self._flows = True
        try:
            while self._close() or self._read() or self._execute() or self._deliver():
                pass
        finally:
            self._flows = False

    @property
    def commands(self) -> list[str]:
        """The names of the commands that it has an answer to."""
        return [*self._answers]

    @property
    def executed(self) -> list[str]:
        """The names of the commands that it executed, but those with which a session begins."""
        return [name for name, _ in self.ran if name not in _BEGINNINGS]

    # -- the endpoint

    def connect(self, factory: IProtocolFactory) -> Deferred[IProtocol]:
        if self.unreachable is not None:
            return fail(self.unreachable)
        protocol = factory.buildProtocol(_Address())  # type: ignore[arg-type]
        assert protocol is not None
        connection = Connection(self, protocol)
        self.connections.append(connection)
        self._open.append(connection)
        protocol.makeConnection(connection)
        return succeed(protocol)

    # -- the channel

    def _arrived(self, connection: Connection, data: bytes) -> None:
        if self._open and self._open[0] is connection:
            self._inbox += data

    def _serve(self) -> None:
        if self._reader is None:
            self._inbox.clear()  # QEMU drops what a closed port did not take
        if self._open:
            self._inbox += self._open[0].written

    def _close(self) -> bool:
        for connection in self._open:
            if connection.closing:
                served = connection is self._open[0]
                self._open.remove(connection)
                if served:
                    self._serve()
                connection.protocol.connectionLost(Failure(ConnectionDone()))
                return True
        return False

    def _read(self) -> bool:
        if self._reader is None or self.hangs or self._waits or not self._inbox:
            return False
        data = bytes(self._inbox)
        self._inbox.clear()
        for event in self._reader.receive(data):
            if isinstance(event, Message):
                self._requests.append(lambda value=event.value: self._request(value))  # type: ignore[misc]
            else:
                self._requests.append(lambda desc=event.desc: self._refuse(desc))  # type: ignore[misc]
        return True

    def _execute(self) -> bool:
        if self.hangs or self._waits or not self._requests:
            return False
        self._requests.popleft()()
        return True

    def _deliver(self) -> bool:
        if not self._open or not self._outbox:
            return False
        data = bytes(self._outbox)
        self._outbox.clear()
        self._open[0].protocol.dataReceived(data)
        return True

    # -- the agent

    def _refuse(self, desc: str) -> None:
        self.say(refusal("GenericError", desc))

    def _request(self, value: JSON) -> None:
        if not self.ids and isinstance(value, dict) and "id" in value:
            self._refuse("QMP input member 'id' is unexpected")
            return
        try:
            request = parse_request(value)
        except RequestFault as fault:
            self.say(refusal("GenericError", fault.desc, fault.id))
            return
        self.ran.append((request.execute, request.arguments))
        answer = self._answers.get(request.execute)
        if answer is None:
            why = f"The command {request.execute} has not been found"
            self._reply(CommandNotFound(why), request.id)
            return
        given = answer(request.arguments)
        if request.execute == "guest-sync-delimited" and isinstance(given, int):
            self.say(SENTINEL)
        if isinstance(given, Deferred):
            self._waits = True
            given.addBoth(self._awaited, request.id, self._reader)
        else:
            self._reply(given, request.id)

    def _awaited(self, given: Answer, name: JSON, reader: RequestReader | None) -> None:
        if reader is self._reader:  # else: it was killed meanwhile
            self._waits = False
            self._reply(given.value if isinstance(given, Failure) else given, name)

    def _reply(self, given: Answer, name: JSON = ABSENT) -> None:
        if isinstance(given, bytes):
            self.say(given)
        elif isinstance(given, CommandFailed):
            self.say(refusal(given.wire_class, given.desc, name))
        elif given is not SILENCE:
            self.say(success(given, name))
