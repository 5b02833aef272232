"""
How a reader gets over what it cannot read.

Between texts and inside one, octets are read; behind a fault they are skipped, until something
tells where texts begin again; and a stream that lost its way for good is read no more. What ends
the skipping differs between requests and replies and is the reader's to find, as are the octets
themselves: it tells the machine only what outlives the octets at hand, a few times for each
chunk at most, and each state puts the way to read the next ones into the core.
"""

from collections.abc import Callable
from typing import NoReturn, Protocol, TypeAlias

from attrs import define, field
from automat import TypeMachineBuilder

from txqga.errors import FrameTooLong

#: Reads octets from a position on; returns the position it has come to.
Way: TypeAlias = Callable[[bytes, int], int]


@define(kw_only=True)
class Core:
    """What every state may use: what the reader can do, and what it does next."""

    between: Way  #: read where a text may begin
    inside: Way  #: read on in a text that earlier octets began
    skip: Way  #: look for where texts begin again
    flush: Callable[[], None]  #: drop what is unfinished or skipped, and report 0xFF
    go: Way = field(init=False)  #: how to read the next octets

    def __attrs_post_init__(self) -> None:
        self.go = self.between


class Recovery(Protocol):
    """What readers tell the machine."""

    def pause(self) -> None:
        """The octets ended inside a text that they began."""

    def finish(self) -> None:
        """The text that earlier octets began is whole."""

    def skip(self) -> None:
        """What comes is no text, or not wanted."""

    def resume(self) -> None:
        """Behind what was skipped, a text may begin."""

    def sentinel(self) -> None:
        """0xFF was met, which a reader reports and which nothing outlasts."""

    def lose(self, desc: str) -> None:
        """Texts cannot be told apart any more."""


def read_between(recovery: Recovery, core: Core) -> None:
    core.go = core.between


def read_inside(recovery: Recovery, core: Core) -> None:
    core.go = core.inside


def skip(recovery: Recovery, core: Core) -> None:
    core.go = core.skip


def flush(recovery: Recovery, core: Core) -> None:
    core.go = core.between
    core.flush()


def lose(recovery: Recovery, core: Core, desc: str) -> None:
    def refuse(data: bytes, pos: int) -> NoReturn:
        raise FrameTooLong(desc)

    core.go = refuse


_builder = TypeMachineBuilder(Recovery, Core)
IDLE = _builder.state("idle")
IN_TEXT = _builder.state("in text")
SKIPPING = _builder.state("skipping")
LOST = _builder.state("lost")

IDLE.upon(Recovery.pause).to(IN_TEXT)(read_inside)
IDLE.upon(Recovery.finish).loop().returns(None)  # it began and ended in the same octets
IDLE.upon(Recovery.skip).to(SKIPPING)(skip)
IDLE.upon(Recovery.resume).loop().returns(None)
IDLE.upon(Recovery.sentinel).loop()(flush)
IDLE.upon(Recovery.lose).to(LOST)(lose)

IN_TEXT.upon(Recovery.pause).loop().returns(None)
IN_TEXT.upon(Recovery.finish).to(IDLE)(read_between)
IN_TEXT.upon(Recovery.skip).to(SKIPPING)(skip)
IN_TEXT.upon(Recovery.resume).loop().returns(None)
IN_TEXT.upon(Recovery.sentinel).to(IDLE)(flush)
IN_TEXT.upon(Recovery.lose).to(LOST)(lose)

SKIPPING.upon(Recovery.pause).loop().returns(None)
SKIPPING.upon(Recovery.finish).loop().returns(None)
SKIPPING.upon(Recovery.skip).loop().returns(None)
SKIPPING.upon(Recovery.resume).to(IDLE)(read_between)
SKIPPING.upon(Recovery.sentinel).to(IDLE)(flush)
SKIPPING.upon(Recovery.lose).to(LOST)(lose)

LOST.upon(Recovery.pause).loop().returns(None)
LOST.upon(Recovery.finish).loop().returns(None)
LOST.upon(Recovery.skip).loop().returns(None)  # only a new connection helps
LOST.upon(Recovery.resume).loop().returns(None)
LOST.upon(Recovery.sentinel).loop().returns(None)
LOST.upon(Recovery.lose).loop().returns(None)

machine = _builder.build()
