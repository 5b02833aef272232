"""
A channel that stays: opened, and opened again when it has gone.

A guest's port can be unplugged and plugged in again, a terminal hung up. Who serves it must not
be deaf afterwards, and need not end. Nothing tells when it can be opened again, so it is tried
every few seconds, and only then: an open channel costs nothing.

What is lost by an error is opened again where that was asked for; what was merely hung up always,
as the device is still there. Where the channel cannot be opened, and nobody asked to go on trying,
it is given up.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from attrs import define, frozen
from automat import TypeMachineBuilder
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

PAUSE = 5.0  #: seconds between two attempts: QGA_RETRY_INTERVAL in QEMU's qga/main.c


@frozen
class Unopened:
    """The channel could not be opened."""

    why: str


class Watcher(Protocol):
    """Who wants to know how a channel fares."""

    def opened(self) -> None:
        """It is open."""

    def failed(self, why: str) -> None:
        """It could not be opened."""

    def lost(self, why: str) -> None:
        """It was open, and has gone."""

    def waits(self) -> None:
        """The next attempt is made after a pause."""

    def given_up(self) -> None:
        """There is no next attempt."""


Channel: TypeAlias = Any  #: a descriptor, a socket: what ``open`` returns and ``serve`` takes
Lost: TypeAlias = Callable[[Failure], None]
Close: TypeAlias = Callable[[], None]


class Inputs(Protocol):
    """What happens to a channel: its owner speaks, what serves it, and the clock."""

    def start(self) -> None:
        """Open it, for the first time."""

    def stop(self) -> None:
        """Close it, for good."""

    def _opened(self, channel: Channel) -> None:
        """It could be opened."""

    def _lost(self, reason: Failure) -> None:
        """What served it has ended."""

    def _time_up(self) -> None:
        """The pause is over."""

    def _pause(self) -> None:
        """There is another attempt after a pause."""

    def _give_up(self) -> None:
        """There is no other attempt."""


@define(kw_only=True)
class Core:
    """What every state may use."""

    clock: IReactorTime
    open: Callable[[], Channel | Unopened]
    serve: Callable[[Channel, Lost], Close]
    watcher: Watcher
    persistent: bool
    pause: float = PAUSE  #: in seconds

    def go_on(self, inputs: Inputs, regardless: bool = False) -> None:
        """Wait for another attempt, if there is to be one."""
        if self.persistent or regardless:
            inputs._pause()
        else:
            inputs._give_up()


@frozen
class Serving:
    """The channel is served."""

    close: Close


@define
class Pause:
    """Until the next attempt."""

    timer: IDelayedCall


def serve(inputs: Inputs, core: Core, channel: Channel) -> Serving:
    return Serving(core.serve(channel, inputs._lost))


def wait(inputs: Inputs, core: Core) -> Pause:
    core.watcher.waits()
    return Pause(core.clock.callLater(core.pause, inputs._time_up))


_builder = TypeMachineBuilder(Inputs, Core)
NEW = _builder.state("new")
OPEN = _builder.state("open", serve)
WAITING = _builder.state("waiting", wait)
CLOSED = _builder.state("closed")


# Opening it.


@NEW.upon(Inputs.start).loop()
@WAITING.upon(Inputs._time_up, nodata=True).loop()
def try_to_open(inputs: Inputs, core: Core) -> None:
    channel = core.open()
    if isinstance(channel, Unopened):
        core.watcher.failed(channel.why)
        core.go_on(inputs)
    else:
        inputs._opened(channel)


@NEW.upon(Inputs._opened).to(OPEN)
@WAITING.upon(Inputs._opened, nodata=True).to(OPEN)
def tell_opened(inputs: Inputs, core: Core, channel: Channel) -> None:
    core.watcher.opened()


# Losing it.


@OPEN.upon(Inputs._lost).loop()
def tell_lost(inputs: Inputs, core: Core, serving: Serving, reason: Failure) -> None:
    core.watcher.lost(in_words(reason))
    core.go_on(inputs, regardless=not reason.check(OSError))


NEW.upon(Inputs._pause).to(WAITING).returns(None)
OPEN.upon(Inputs._pause).to(WAITING).returns(None)


@WAITING.upon(Inputs._pause).loop()
def wait_again(inputs: Inputs, core: Core, pause: Pause) -> None:
    pause.timer = wait(inputs, core).timer


def tell_given_up(inputs: Inputs, core: Core, data: object = None) -> None:
    core.watcher.given_up()


NEW.upon(Inputs._give_up).to(CLOSED)(tell_given_up)
OPEN.upon(Inputs._give_up).to(CLOSED)(tell_given_up)
WAITING.upon(Inputs._give_up).to(CLOSED)(tell_given_up)


# Closing it.


@OPEN.upon(Inputs.stop).to(CLOSED)
def abort(inputs: Inputs, core: Core, serving: Serving) -> None:
    serving.close()


@WAITING.upon(Inputs.stop).to(CLOSED)
def stop_waiting(inputs: Inputs, core: Core, pause: Pause) -> None:
    if pause.timer.active():
        pause.timer.cancel()


NEW.upon(Inputs.stop).to(CLOSED).returns(None)


# What changes nothing.

for _state in (OPEN, WAITING, CLOSED):
    _state.upon(Inputs.start).loop().returns(None)
for _input in (Inputs.stop, Inputs._lost, Inputs._pause, Inputs._give_up):
    CLOSED.upon(_input).loop().returns(None)

Machine = _builder.build()


def in_words(reason: Failure) -> str:
    """Return why a channel was lost, for people."""
    why = reason.value
    if isinstance(why, OSError):
        return why.strerror or str(why)
    if isinstance(why, ConnectionDone):
        return "hung up"
    return reason.getErrorMessage()


class Reopening:
    """
    Keeps a channel open.

    :param open: returns what it has opened, or why it could not.
    :param serve: takes what was opened, and what is to be called once when that has ended;
        returns what closes it.
    :param persistent: go on trying, whatever happens.
    :param pause: between two attempts, in seconds.
    """

    def __init__(
        self,
        clock: IReactorTime,
        *,
        open: Callable[[], Channel | Unopened],
        serve: Callable[[Channel, Lost], Close],
        watcher: Watcher,
        persistent: bool,
        pause: float = PAUSE,
    ) -> None:
        core = Core(
            clock=clock,
            open=open,
            serve=serve,
            watcher=watcher,
            persistent=persistent,
            pause=pause,
        )
        self._machine = Machine(core)

    def start(self) -> None:
        """Open it, from now on."""
        self._machine.start()

    def stop(self) -> None:
        """Close it, for good; whoever serves it ends soon."""
        self._machine.stop()
