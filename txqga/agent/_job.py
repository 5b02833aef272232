"""
One program that guest-exec started: when is it over, and what came of it?

It is over when it was reaped *and* nobody holds its captured streams open any more: what a
grandchild in the background still writes belongs to the result. The two come in either order,
and only then is there an answer for who asks.
"""

import os
from collections.abc import Callable
from typing import Protocol

from attrs import define, frozen
from automat import TypeMachineBuilder

from txqga.agent._capture import Capture


@frozen(kw_only=True)
class Result:
    """What came of a program."""

    exitcode: int | None  #: 0 to 255; None if a signal ended it
    signal: int | None  #: the signal's number; None if it ended by itself
    out: Capture | None  #: None if it was not captured
    err: Capture | None


class Inputs(Protocol):
    """What happens to a job."""

    def reaped(self, status: int) -> None:
        """The program ended; ``status`` is ``waitpid``'s."""

    def stream_closed(self) -> None:
        """One of the captured streams met its end."""

    def asked(self, tell: Callable[[Result], None]) -> None:
        """Somebody wants the result, if there is one by now."""

    def _drained(self) -> None:
        """The last captured stream met its end."""

    def _over(self, status: int) -> None:
        """There is nothing left to wait for."""


@define
class Core:
    """What every state may use."""

    out: Capture | None
    err: Capture | None
    streams: int  #: captured ones that have not met their end


@frozen
class End:
    """How the program ended."""

    status: int


def ended(inputs: Inputs, core: Core, status: int) -> End:
    return End(status)


_builder = TypeMachineBuilder(Inputs, Core)
RUNNING = _builder.state("running")
SILENT = _builder.state("silent")  # runs, and nothing of it is captured any more
DRAINING = _builder.state("draining", ended)
FINISHED = _builder.state("finished", ended)


@RUNNING.upon(Inputs.stream_closed).loop()
def count_down(inputs: Inputs, core: Core) -> None:
    core.streams -= 1
    if core.streams == 0:
        inputs._drained()


RUNNING.upon(Inputs._drained).to(SILENT).returns(None)
RUNNING.upon(Inputs.reaped).to(DRAINING).returns(None)
RUNNING.upon(Inputs.asked).loop().returns(None)

SILENT.upon(Inputs.reaped).to(FINISHED).returns(None)
SILENT.upon(Inputs.stream_closed).loop().returns(None)
SILENT.upon(Inputs.asked).loop().returns(None)


@DRAINING.upon(Inputs.stream_closed).loop()
def count_down_to_the_end(inputs: Inputs, core: Core, end: End) -> None:
    core.streams -= 1
    if core.streams == 0:
        inputs._over(end.status)


DRAINING.upon(Inputs._over).to(FINISHED).returns(None)
DRAINING.upon(Inputs.reaped).loop().returns(None)
DRAINING.upon(Inputs.asked).loop().returns(None)


@FINISHED.upon(Inputs.asked).loop()
def tell_result(inputs: Inputs, core: Core, end: End, tell: Callable[[Result], None]) -> None:
    exited = os.WIFEXITED(end.status)
    tell(
        Result(
            exitcode=os.WEXITSTATUS(end.status) if exited else None,
            signal=None if exited else os.WTERMSIG(end.status),
            out=core.out,
            err=core.err,
        )
    )


FINISHED.upon(Inputs.reaped).loop().returns(None)
FINISHED.upon(Inputs.stream_closed).loop().returns(None)

Machine = _builder.build()


class Job:
    """A program that was started, until its result was told."""

    def __init__(self, out: Capture | None, err: Capture | None) -> None:
        """
        :param out: where its standard output is kept, None if it is not captured.
        :param err: the same of its standard error; None too if that is joined to the output.
        """
        streams = (out is not None) + (err is not None)
        core = Core(out, err, streams)
        self._machine = Machine(core, RUNNING if streams else SILENT)

    def reaped(self, status: int) -> None:
        """The program ended; ``status`` is ``waitpid``'s."""
        self._machine.reaped(status)

    def stream_closed(self) -> None:
        """One of its captured streams met its end."""
        self._machine.stream_closed()

    def result(self) -> Result | None:
        """Return what came of it, None as long as it is not over."""
        told: list[Result] = []
        self._machine.asked(told.append)
        return told[0] if told else None
