"""
One program whose streams are read while it runs: from its start until it is forgotten.

What has ended is kept, for somebody may not have heard of it yet, but not for ever: hosts vanish.
What is released while it runs lives on without us, but for its time-out, and for its status, which
somebody has to take.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from attrs import define, field, frozen
from automat import TypeMachineBuilder
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.agent._group import Group

#: Seconds that a program which has ended is kept after it was last asked for.
KEPT = 600.0


@frozen(kw_only=True)
class Progress:
    """How a program fares."""

    running: bool
    exitcode: int | None = None  #: 0 to 255; None if a signal ended it
    signal: int | None = None  #: the signal's number; None if it ended by itself
    timed_out: bool  #: its group was killed when its time was up


class Inputs(Protocol):
    """What happens to a program."""

    def ended(self, status: int) -> None:
        """It ended; ``status`` is ``waitpid``'s."""

    def asked(self, tell: Callable[[Progress], None]) -> None:
        """Somebody wants to know how it fares."""

    def used(self) -> None:
        """Somebody does something with it."""

    def release(self) -> None:
        """Nobody wants to know of it any more."""

    def stop(self) -> None:
        """The agent ends."""

    def _time_up(self) -> None:
        """It has taken as long as it may."""

    def _unwanted(self) -> None:
        """Nobody has used it for too long."""


@define
class Core:
    """What every state may use."""

    clock: IReactorTime
    group: Group
    is_held: Callable[[], bool]  #: whether anybody can still write into its streams
    forgotten: Callable[[], object]  #: called when there is nothing left to look after
    kept: float
    limit: IDelayedCall | None = field(default=None, init=False)
    timed_out: bool = field(default=False, init=False)


@frozen
class End:
    """How the program ended, and until when that is kept."""

    status: int
    expiry: IDelayedCall


def keep(inputs: Inputs, core: Core, status: int) -> End:
    return End(status, core.clock.callLater(core.kept, inputs._unwanted))


_builder = TypeMachineBuilder(Inputs, Core)
RUNNING = _builder.state("running")
DETACHED = _builder.state("detached")  # runs, and nobody wants to know of it any more
ENDED = _builder.state("ended", keep)
FORGOTTEN = _builder.state("forgotten")


@RUNNING.upon(Inputs._time_up).loop()
@DETACHED.upon(Inputs._time_up).loop()
def kill(inputs: Inputs, core: Core) -> None:
    core.limit = None
    core.timed_out = True
    _send(core, signal.SIGKILL)


@RUNNING.upon(Inputs.asked).loop()
def tell_running(inputs: Inputs, core: Core, tell: Callable[[Progress], None]) -> None:
    tell(Progress(running=True, timed_out=core.timed_out))


@RUNNING.upon(Inputs.stop).to(FORGOTTEN)
def hang_up(inputs: Inputs, core: Core) -> None:
    """Its streams are closed: tell it in the way of a terminal that goes away."""
    _send(core, signal.SIGHUP)
    forget(inputs, core)


@DETACHED.upon(Inputs.stop).to(FORGOTTEN)
def forget(inputs: Inputs, core: Core) -> None:
    _cancel(core.limit)
    core.forgotten()


RUNNING.upon(Inputs.ended).to(ENDED).returns(None)
RUNNING.upon(Inputs.release).to(DETACHED).returns(None)
RUNNING.upon(Inputs.used).loop().returns(None)


@DETACHED.upon(Inputs.ended).to(FORGOTTEN)
def reap(inputs: Inputs, core: Core, status: int) -> None:
    core.group.reap()
    forget(inputs, core)


DETACHED.upon(Inputs.asked).loop().returns(None)
DETACHED.upon(Inputs.used).loop().returns(None)
DETACHED.upon(Inputs.release).loop().returns(None)


@ENDED.upon(Inputs._time_up).loop()
def kill_what_writes(inputs: Inputs, core: Core, end: End) -> None:
    """What it has left in the background, writing elsewhere, is not what anybody waits for."""
    if core.is_held():
        kill(inputs, core)
    core.limit = None


@ENDED.upon(Inputs.asked).loop()
def tell_ended(inputs: Inputs, core: Core, end: End, tell: Callable[[Progress], None]) -> None:
    exited = os.WIFEXITED(end.status)
    tell(
        Progress(
            running=False,
            exitcode=os.WEXITSTATUS(end.status) if exited else None,
            signal=None if exited else os.WTERMSIG(end.status),
            timed_out=core.timed_out,
        )
    )


@ENDED.upon(Inputs.used).loop()
def keep_longer(inputs: Inputs, core: Core, end: End) -> None:
    end.expiry.reset(core.kept)


@ENDED.upon(Inputs.release).to(FORGOTTEN)
@ENDED.upon(Inputs.stop).to(FORGOTTEN)
@ENDED.upon(Inputs._unwanted).to(FORGOTTEN)
def forget_ended(inputs: Inputs, core: Core, end: End) -> None:
    _cancel(end.expiry)
    reap(inputs, core, end.status)


ENDED.upon(Inputs.ended).loop().returns(None)

FORGOTTEN.upon(Inputs.ended).loop().returns(None)
FORGOTTEN.upon(Inputs.asked).loop().returns(None)
FORGOTTEN.upon(Inputs.used).loop().returns(None)
FORGOTTEN.upon(Inputs.release).loop().returns(None)
FORGOTTEN.upon(Inputs.stop).loop().returns(None)


def _send(core: Core, number: int) -> None:
    with suppress(PermissionError):  # they have all become somebody else's: nobody to tell
        core.group.signal(number)


def _cancel(call: IDelayedCall | None) -> None:
    if call is not None and call.active():
        call.cancel()


Machine = _builder.build()


class Streamed:
    """A program that was started, until it is forgotten."""

    def __init__(
        self,
        clock: IReactorTime,
        group: Group,
        is_held: Callable[[], bool],
        forgotten: Callable[[], object],
        time_out: float | None = None,
        kept: float = KEPT,
    ) -> None:
        """
        :param is_held: whether anybody can still write into its streams.
        :param forgotten: called once, when there is nothing left to look after.
        :param time_out: seconds after which its group is killed: while it runs, or while what it
            has started still writes into its streams.
        """
        core = Core(clock, group, is_held, forgotten, kept)
        self._machine = Machine(core)
        if time_out is not None:
            core.limit = clock.callLater(time_out, self._machine._time_up)

    def ended(self, status: int) -> None:
        """It ended; ``status`` is ``waitpid``'s, which was not taken yet."""
        self._machine.ended(status)

    def used(self) -> None:
        """Somebody does something with it."""
        self._machine.used()

    def progress(self) -> Progress:
        """Tell how it fares; not to be asked of what was released."""
        told: list[Progress] = []
        self._machine.asked(told.append)
        return told[0]

    def release(self) -> None:
        """Nobody wants to know of it any more; if it runs, it lives on."""
        self._machine.release()

    def stop(self) -> None:
        """Look after it no more: the agent ends. If it runs and was not released, it is hung up."""
        self._machine.stop()
