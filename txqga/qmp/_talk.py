"""
How far a conversation with QEMU's monitor has come.

QEMU greets first, and takes no command before ``qmp_capabilities``. A connection that is not
greeted is one that waits behind another client: a monitor serves one, as an agent's channel does.
"""

from collections.abc import Callable
from typing import Protocol

from attrs import define
from automat import TypeMachineBuilder

from txqga.wire import JSON


class Inputs(Protocol):
    """What QEMU says."""

    def greet(self) -> None:
        """It has said who it is."""

    def reply(self, name: JSON, value: JSON, desc: str | None) -> None:
        """It has answered the command of that id; ``desc`` says why it refused."""

    def event(self, name: str) -> None:
        """Something has happened to the machine."""

    def end(self) -> None:
        """It says no more."""


@define
class Core:
    """What every state may use."""

    negotiate: Callable[[], None]  #: asks for ``qmp_capabilities``
    opened: Callable[[], None]  #: commands are taken
    refused: Callable[[str], None]  #: they are not, and why
    replied: Callable[[JSON, JSON, str | None], None]
    happened: Callable[[str], None]


_builder = TypeMachineBuilder(Inputs, Core)
WAITING = _builder.state("waiting")
NEGOTIATING = _builder.state("negotiating")
OPEN = _builder.state("open")
OVER = _builder.state("over")


@WAITING.upon(Inputs.greet).to(NEGOTIATING)
def negotiate(inputs: Inputs, core: Core) -> None:
    core.negotiate()


@NEGOTIATING.upon(Inputs.reply).to(OPEN)
def opened(inputs: Inputs, core: Core, name: JSON, value: JSON, desc: str | None) -> None:
    if desc is None:
        core.opened()
    else:
        core.refused(desc)


@OPEN.upon(Inputs.reply).loop()
def replied(inputs: Inputs, core: Core, name: JSON, value: JSON, desc: str | None) -> None:
    core.replied(name, value, desc)


@OPEN.upon(Inputs.event).loop()
def happened(inputs: Inputs, core: Core, name: str) -> None:
    core.happened(name)


for _state in (WAITING, NEGOTIATING, OPEN):
    _state.upon(Inputs.end).to(OVER).returns(None)
for _input, _states in (
    (Inputs.greet, (NEGOTIATING, OPEN, OVER)),
    (Inputs.reply, (WAITING, OVER)),
    (Inputs.event, (WAITING, NEGOTIATING, OVER)),
    (Inputs.end, (OVER,)),
):
    for _state in _states:
        _state.upon(_input).loop().returns(None)

Talk = _builder.build()
