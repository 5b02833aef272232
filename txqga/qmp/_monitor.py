"""Keeps knowing how a virtual machine is, without asking again and again."""

from collections.abc import Callable
from random import Random, SystemRandom

from twisted.internet.defer import CancelledError, Deferred, maybeDeferred
from twisted.internet.interfaces import IAddress, IDelayedCall, IReactorTime, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import CommandFailed
from txqga.qmp._connection import QmpConnection
from txqga.qmp._machine import UNKNOWN, Machine, is_open, run_state

#: Seconds between attempts to connect: the first pause, and the longest.
FIRST, LONGEST = 0.5, 30.0

#: Seconds between two rounds of questions, however much happens: a guest makes events as it likes.
PAUSE = 0.05

#: After these the machine is not what it was. All others are passed by.
EVENTS = frozenset(
    {
        "GUEST_PANICKED",
        "MIGRATION",
        "RESET",
        "RESUME",
        "SHUTDOWN",
        "STOP",
        "SUSPEND",
        "SUSPEND_DISK",
        "VSERPORT_CHANGE",
        "WAKEUP",
    }
)


class _Connections(Factory):
    noisy = False

    def __init__(self, make: Callable[[], QmpConnection]) -> None:
        self._make = make

    def buildProtocol(self, addr: IAddress | None) -> QmpConnection:
        return self._make()


class Monitor:
    """
    Keeps knowing how a virtual machine is.

    :param endpoint: of QEMU's monitor, in its control mode. It serves one client.
    :param path: of the socket of the agent's channel, by which QEMU's list tells the port.
    :param told: is called with what is known whenever that was looked at, changed or not;
        :data:`UNKNOWN` when the monitor cannot be reached.
    :param happened: is called with each event of :data:`EVENTS`, before it is looked.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        endpoint: IStreamClientEndpoint,
        path: str,
        told: Callable[[Machine], None],
        happened: Callable[[str], None],
        *,
        name: str = "",
        random: Random | None = None,
    ) -> None:
        self._clock = clock
        self._endpoint = endpoint
        self._path = path
        self._told: Callable[[Machine], None] = told
        self._happened: Callable[[str], None] = happened
        self._name = name
        self._random = SystemRandom() if random is None else random
        self._attempt: Deferred[None] | None = None
        self._retry: IDelayedCall | None = None
        self._connection: QmpConnection | None = None
        self._failures = 0
        self._said = ""
        self._looking: Deferred[Machine] | None = None
        self._again = False  #: something has happened since it was looked
        self._next: IDelayedCall | None = None

    def start(self) -> None:
        """Begin to watch, and go on until :meth:`stop`."""
        self._connect()

    def stop(self) -> None:
        """Watch no more, and tell nothing more."""
        self._told, self._happened = _nobody, _nobody
        self._rest()
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.cancel()
        if self._connection is not None:
            self._connection.drop("stopped")
        if self._retry is not None and self._retry.active():
            self._retry.cancel()

    # -- connecting

    def _connect(self) -> None:
        attempt = maybeDeferred(self._endpoint.connect, _Connections(self._make))
        attempt.addTimeout(LONGEST, self._clock)
        self._attempt = attempt.addCallback(_none)
        self._attempt.addErrback(self._failed)

    def _make(self) -> QmpConnection:
        self._connection = QmpConnection(self._clock, self._opened, self._event, self._lost)
        return self._connection

    def _failed(self, failure: Failure) -> None:
        if self._attempt is not None:
            self._lost(failure.getErrorMessage() or type(failure.value).__name__)

    def _lost(self, why: str) -> None:
        self._rest()
        self._connection = None
        if self._told is _nobody:
            return
        if why != self._said:
            self._said = why
            self._log.warn("{guest}: QEMU's monitor is not heard: {why}", guest=self._name, why=why)
        pause = min(LONGEST, FIRST * 2.0 ** min(self._failures, 32))
        self._failures += 1
        self._retry = self._clock.callLater(
            pause * (1.0 - 0.25 * self._random.random()), self._connect
        )
        self._told(UNKNOWN)

    # -- looking

    def _opened(self, connection: QmpConnection) -> None:
        self._failures, self._said = 0, ""
        self._log.info("{guest}: QEMU's monitor is heard", guest=self._name)
        self._look()

    def _event(self, name: str) -> None:
        if name not in EVENTS:
            return
        self._happened(name)
        self._again = True
        if self._looking is None and self._next is None:
            self._next = self._clock.callLater(PAUSE, self._look)

    def _look(self) -> None:
        self._next, self._again = None, False
        if self._connection is not None:
            self._looking = Deferred.fromCoroutine(self._ask(self._connection))
            self._looking.addCallbacks(self._looked, self._not_told)

    async def _ask(self, connection: QmpConnection) -> Machine:
        status = run_state(await connection.ask("query-status"))
        return Machine(
            status=status, port=is_open(await connection.ask("query-chardev"), self._path)
        )

    def _looked(self, machine: Machine) -> None:
        self._looking = None
        self._told(machine)
        if self._again and self._next is None and self._connection is not None:
            self._next = self._clock.callLater(PAUSE, self._look)

    def _not_told(self, failure: Failure) -> None:
        if failure.check(CommandFailed):
            self._looked(UNKNOWN)  # an old QEMU, or one that was told to keep things to itself
        elif failure.check(CancelledError) is None:
            self._log.failure("{guest}: asking QEMU", failure, guest=self._name)

    def _rest(self) -> None:
        self._looking = None
        if self._next is not None:
            self._next.cancel()
            self._next = None


def _none(protocol: object) -> None:
    """Forget the protocol: it is known since it was made."""


def _nobody(what: object) -> None:
    """Listen no more."""
