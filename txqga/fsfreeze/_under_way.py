"""What the gate is doing, and who waits for it."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from attrs import define, field
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from txqga.fsfreeze._hold import Hold, Timing
from txqga.fsfreeze._steps import Lapsed, Released, Steps

Reply: TypeAlias = Deferred[int]
Left: TypeAlias = Deferred[int | None]  #: seconds


class Told(Protocol):
    """The machine, as far as letting go is concerned."""

    def _released(self, released: Released) -> None: ...

    def _kept(self, why: Failure) -> None: ...


@define(kw_only=True)
class Core:
    """What every state may use."""

    steps: Steps
    timing: Timing
    ended: Deferred[None] = field(factory=Deferred)  #: nothing is held any more, for good

    def release(self, inputs: Told, lapsed: Lapsed | None = None) -> None:
        """Let everything go; the machine is told what comes of it."""
        self.steps.release(lapsed).addCallbacks(inputs._released, inputs._kept)


@define
class Freezing:
    """A client's freeze."""

    reply: Reply
    hold: Hold | None = None  #: None: the gate is not shut yet

    def leave(self) -> None:
        """Look at no clock any more."""
        if self.hold is not None:
            self.hold.leave()


@define
class Thawing:
    """A client's thaw."""

    hold: Hold | None  #: None: nothing was held by us
    reply: Reply

    def tell(self, released: Released) -> None:
        """Answer it."""
        if released.failure is None:
            self.reply.callback(released.count)
        else:
            self.reply.errback(released.failure)


# What states are made of, as Automat asks for it: what the input brings is the state's data.


def freezing(inputs: object, core: object, folders: Sequence[str] | None, reply: Reply) -> Freezing:
    return Freezing(reply)


def holding(inputs: object, core: object, hold: Hold) -> Hold:
    return hold


def thawing(inputs: object, core: object, thawing: Thawing) -> Thawing:
    return thawing


def lapsed(inputs: object, core: object, lapsed: Lapsed) -> Lapsed:
    return lapsed
