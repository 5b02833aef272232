"""One connection to QEMU's monitor."""

from collections.abc import Callable
from itertools import count

from twisted.internet.defer import CancelledError, Deferred, fail
from twisted.internet.interfaces import IDelayedCall, IReactorTime, ITransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, FrameTooLong
from txqga.qmp._talk import Core, Talk
from txqga.wire import JSON, Limits, Message, ReplyReader, command

#: What one line may hold. The longest that is asked for is a list of chardevs.
LIMITS = Limits(octets=1 << 20, depth=32, members=20_000)

#: Seconds that QEMU may take to greet, or to answer.
PATIENCE = 10.0

NOT_GREETED = (
    "connected, but not greeted: another program holds the monitor (`ss -xp` on the host shows "
    "which), or QEMU hangs"
)


class QmpConnection(Protocol):
    """
    One connection to QEMU's monitor.

    :param opened: is called when commands are taken.
    :param happened: is called with the name of each event from then on.
    :param over: is called once, with the reason, when the connection is no more.
    """

    transport: ITransport

    def __init__(
        self,
        clock: IReactorTime,
        opened: Callable[["QmpConnection"], None],
        happened: Callable[[str], None],
        over: Callable[[str], None],
    ) -> None:
        self._clock = clock
        self._over: Callable[[str], None] | None = over
        self._open = opened
        self._reader = ReplyReader(LIMITS)
        self._numbers = count(1)
        self._asked: dict[int, tuple[str, Deferred[JSON]]] = {}
        self._patience: IDelayedCall | None = None
        self._talk = Talk(
            Core(
                negotiate=lambda: self._write(0, "qmp_capabilities"),
                opened=self._opened,
                refused=lambda desc: self.drop(f"qmp_capabilities is refused: {desc}"),
                replied=self._replied,
                happened=happened,
            )
        )

    def ask(self, name: str) -> Deferred[JSON]:
        """
        Run a command without arguments.

        :return: fails with :class:`CommandFailed`, or is cancelled when the connection ends.
        """
        if self._over is None:
            return fail(CancelledError())
        number = next(self._numbers)
        waiting: Deferred[JSON] = Deferred()
        self._asked[number] = name, waiting
        self._write(number, name)
        return waiting

    def drop(self, why: str) -> None:
        """End the connection."""
        over, self._over = self._over, None
        if over is None:
            return
        self._calm()
        self._talk.end()
        getattr(self.transport, "abortConnection", self.transport.loseConnection)()
        asked, self._asked = self._asked, {}
        for _, waiting in asked.values():
            waiting.cancel()
        over(why)

    # -- what the transport says

    def connectionMade(self) -> None:
        """Wait for the greeting."""
        self._worry(NOT_GREETED)

    def dataReceived(self, data: bytes) -> None:
        """Take what QEMU said."""
        try:
            events = self._reader.receive(data)
        except FrameTooLong as why:
            self.drop(str(why))
            return
        for event in events:
            if self._over is None:
                return
            if not isinstance(event, Message) or not self._take(event.value):
                self.drop("what comes is not QEMU's monitor protocol")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """QEMU has gone."""
        self.drop("QEMU has ended, or has closed its monitor")

    # -- inside

    def _take(self, message: JSON) -> bool:
        """Take one message; say whether it is one."""
        if not isinstance(message, dict):
            return False
        if "QMP" in message:
            self._calm()
            self._talk.greet()
        elif isinstance(message.get("event"), str):
            self._talk.event(str(message["event"]))
        elif "return" in message:
            self._talk.reply(message.get("id"), message["return"], None)
        elif isinstance(error := message.get("error"), dict):
            self._talk.reply(message.get("id"), None, str(error.get("desc"))[:200])
        else:
            return False
        return True

    def _opened(self) -> None:
        self._calm()
        self._open(self)

    def _replied(self, name: JSON, value: JSON, desc: str | None) -> None:
        asked = self._asked.pop(name, None) if isinstance(name, int) else None
        if not self._asked:
            self._calm()
        if asked is None:
            return
        command_name, waiting = asked
        if desc is None:
            waiting.callback(value)
        else:
            waiting.errback(CommandFailed(desc, command_name))

    def _write(self, number: int, name: str) -> None:
        self.transport.write(command(name, None, number))
        self._worry(f"QEMU does not answer {name}")

    def _worry(self, why: str) -> None:
        self._calm()
        self._patience = self._clock.callLater(PATIENCE, self.drop, why)

    def _calm(self) -> None:
        if self._patience is not None and self._patience.active():
            self._patience.cancel()
