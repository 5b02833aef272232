"""
The gate of a guest: whether the agent in it holds its filesystems still.

Who froze a guest may never come back, and a guest that stays frozen hangs whatever runs in it. So
every way out of freezing lets everything go, and what nobody lets go is let go when its time is
up. Who comes to thaw it then is told so, once: what was copied meanwhile may be of no use.
"""

from collections.abc import Sequence
from typing import Protocol

from automat import TypeMachineBuilder
from twisted.python.failure import Failure

from txqga.errors import CommandFailed
from txqga.fsfreeze._hold import Hold
from txqga.fsfreeze._steps import Lapsed, Released, Span
from txqga.fsfreeze._under_way import (
    Core,
    Freezing,
    Left,
    Reply,
    Thawing,
    freezing,
    holding,
    lapsed,
    thawing,
)

BUSY = "filesystems are frozen, or being frozen or thawed"


class Inputs(Protocol):
    """What clients ask for, what comes of the steps, and the clock."""

    def freeze(self, folders: Sequence[str] | None, reply: Reply) -> None:
        """Hold filesystems still: all, or those mounted at ``folders``."""

    def thaw(self, reply: Reply) -> None:
        """Let everything go."""

    def renew(self, seconds: int | None, reply: Left) -> None:
        """Let the freeze last so many seconds from now on; tell how many are left."""

    def end(self) -> None:
        """The agent ends: hold nothing any more."""

    def _began(self, span: Span) -> None:
        """The gate is shut, and the first one is about to be held."""

    def _froze(self, count: int) -> None:
        """So many are held."""

    def _refused(self, why: Failure) -> None:
        """None is held any more: something failed."""

    def _held(self, hold: Hold) -> None:
        """They are held, or still."""

    def _look(self) -> None:
        """It may be time."""

    def _lapse(self, lapsed: Lapsed) -> None:
        """It is."""

    def _release(self, thawing: Thawing) -> None:
        """A client lets everything go."""

    def _released(self, released: Released) -> None:
        """Nothing is held any more."""

    def _kept(self, why: Failure) -> None:
        """Not everything could be let go."""

    def _open(self) -> None:
        """All is as if nothing had been held."""

    def _untold(self, lapsed: Lapsed) -> None:
        """It is, but who froze does not know."""


_builder = TypeMachineBuilder(Inputs, Core)
THAWED = _builder.state("thawed")
FREEZING = _builder.state("freezing", freezing)
FROZEN = _builder.state("frozen", holding)
THAWING = _builder.state("thawing", thawing)
LAPSING = _builder.state("lapsing", lapsed)
LAPSED = _builder.state("lapsed", lapsed)
ENDING = _builder.state("ending")
ENDED = _builder.state("ended")


# Freezing.


@THAWED.upon(Inputs.freeze).to(FREEZING)
@LAPSED.upon(Inputs.freeze, nodata=True).to(FREEZING)
def freeze(inputs: Inputs, core: Core, folders: Sequence[str] | None, reply: Reply) -> None:
    core.steps.forget()
    core.steps.freeze(folders, inputs._began).addCallbacks(inputs._froze, inputs._refused)


@FREEZING.upon(Inputs._began).loop()
def watch(inputs: Inputs, core: Core, freezing: Freezing, span: Span) -> None:
    freezing.hold = Hold(core.timing, span)
    freezing.hold.watch(inputs._look)


@FREEZING.upon(Inputs._look).loop()
def look_while_freezing(inputs: Inputs, core: Core, freezing: Freezing) -> None:
    hold = freezing.hold
    if hold is None or not hold.look(inputs._look):
        return
    desc = f"freezing took longer than {hold.lasted()} s, and everything was thawed again"
    core.steps.give_up(CommandFailed(desc))


@FREEZING.upon(Inputs._froze).loop()
def tell_frozen(inputs: Inputs, core: Core, freezing: Freezing, count: int) -> None:
    freezing.leave()
    if count and freezing.hold is not None:
        inputs._held(freezing.hold)
    else:
        inputs._open()
    freezing.reply.callback(count)


@FREEZING.upon(Inputs._refused).to(THAWED)
def tell_refused(inputs: Inputs, core: Core, freezing: Freezing, why: Failure) -> None:
    freezing.leave()
    freezing.reply.errback(why)


@FREEZING.upon(Inputs._held, nodata=True).to(FROZEN)
@THAWING.upon(Inputs._held, nodata=True).to(FROZEN)
def look_again(inputs: Inputs, core: Core, hold: Hold) -> None:
    hold.watch(inputs._look)


# Thawing.


@THAWED.upon(Inputs.thaw).loop()
def thaw_all(inputs: Inputs, core: Core, reply: Reply) -> None:
    inputs._release(Thawing(None, reply))


@FROZEN.upon(Inputs.thaw).loop()
def thaw_held(inputs: Inputs, core: Core, hold: Hold, reply: Reply) -> None:
    hold.leave()
    inputs._release(Thawing(hold, reply))


@THAWED.upon(Inputs._release).to(THAWING)
@FROZEN.upon(Inputs._release, nodata=True).to(THAWING)
def let_go(inputs: Inputs, core: Core, thawing: Thawing) -> None:
    core.release(inputs)


@THAWING.upon(Inputs._released).to(THAWED)
def tell_thawed(inputs: Inputs, core: Core, thawing: Thawing, released: Released) -> None:
    thawing.tell(released)


@THAWING.upon(Inputs._kept).loop()
def tell_kept(inputs: Inputs, core: Core, thawing: Thawing, why: Failure) -> None:
    if thawing.hold is None:
        inputs._open()
    else:
        inputs._held(thawing.hold)
    thawing.reply.errback(why)


FREEZING.upon(Inputs._open).to(THAWED).returns(None)
THAWING.upon(Inputs._open).to(THAWED).returns(None)


# How long it may last, and what happens then.


@FROZEN.upon(Inputs.renew).loop()
def renew(inputs: Inputs, core: Core, hold: Hold, seconds: int | None, reply: Left) -> None:
    left = hold.left() if seconds is None else hold.renew(seconds)
    if seconds is not None:
        core.steps.note(hold.span)
        hold.watch(inputs._look)
    reply.callback(left)


@FROZEN.upon(Inputs._look).loop()
def look(inputs: Inputs, core: Core, hold: Hold) -> None:
    if hold.look(inputs._look):
        inputs._lapse(Lapsed(hold.lasted()))


@FROZEN.upon(Inputs._lapse, nodata=True).to(LAPSING)
def let_go_by_itself(inputs: Inputs, core: Core, lapsed: Lapsed) -> None:
    core.release(inputs, lapsed)


@LAPSING.upon(Inputs._released).loop()
def remember(inputs: Inputs, core: Core, lapsed: Lapsed, released: Released) -> None:
    inputs._untold(lapsed)


LAPSING.upon(Inputs._untold).to(LAPSED).returns(None)


@LAPSED.upon(Inputs.thaw).to(THAWED)
def tell_lapsed(inputs: Inputs, core: Core, lapsed: Lapsed, reply: Reply) -> None:
    core.steps.forget()
    reply.errback(lapsed.told())


@THAWED.upon(Inputs.end).to(ENDED)
def end(inputs: Inputs, core: Core) -> None:
    core.ended.callback(None)


@LAPSED.upon(Inputs.end).to(ENDED)
def end_lapsed(inputs: Inputs, core: Core, lapsed: Lapsed) -> None:
    core.ended.callback(None)


@FREEZING.upon(Inputs.end).to(ENDING)
def end_freezing(inputs: Inputs, core: Core, freezing: Freezing) -> None:
    freezing.leave()
    core.steps.give_up(CommandFailed("the agent ends"), for_good=True)


@FROZEN.upon(Inputs.end).to(ENDING)
def end_frozen(inputs: Inputs, core: Core, hold: Hold) -> None:
    hold.leave()
    core.release(inputs)


@LAPSING.upon(Inputs.end).to(ENDING)
def end_lapsing(inputs: Inputs, core: Core, lapsed: Lapsed) -> None:
    core.release(inputs)  # which, unlike the one under way, does not try for ever


THAWING.upon(Inputs.end).to(ENDING).returns(None)


@ENDING.upon(Inputs._froze).loop()
def let_go_at_once(inputs: Inputs, core: Core, count: int) -> None:
    core.release(inputs)


@ENDING.upon(Inputs._refused).to(ENDED)
@ENDING.upon(Inputs._kept).to(ENDED)
def end_all_the_same(inputs: Inputs, core: Core, why: Failure) -> None:
    core.ended.callback(None)


@ENDING.upon(Inputs._released).to(ENDED)
def end_well(inputs: Inputs, core: Core, released: Released) -> None:
    core.ended.callback(None)


# What cannot be, and what changes nothing.


@FREEZING.upon(Inputs.freeze, nodata=True).loop()
@FROZEN.upon(Inputs.freeze, nodata=True).loop()
@THAWING.upon(Inputs.freeze, nodata=True).loop()
@LAPSING.upon(Inputs.freeze, nodata=True).loop()
@ENDING.upon(Inputs.freeze).loop()
@ENDED.upon(Inputs.freeze).loop()
def refuse(inputs: Inputs, core: Core, folders: Sequence[str] | None, reply: Reply) -> None:
    reply.errback(CommandFailed(BUSY))


@FREEZING.upon(Inputs.thaw, nodata=True).loop()
@THAWING.upon(Inputs.thaw, nodata=True).loop()
@LAPSING.upon(Inputs.thaw, nodata=True).loop()
@ENDING.upon(Inputs.thaw).loop()
@ENDED.upon(Inputs.thaw).loop()
def refuse_thaw(inputs: Inputs, core: Core, reply: Reply) -> None:
    reply.errback(CommandFailed(BUSY))


def nothing_to_renew(inputs: Inputs, core: Core, seconds: int | None, reply: Left) -> None:
    reply.errback(CommandFailed("nothing is frozen"))


for _state in (THAWED, ENDING, ENDED):
    _state.upon(Inputs.renew).loop()(nothing_to_renew)
    _state.upon(Inputs._look).loop().returns(None)
for _busy in (FREEZING, THAWING, LAPSING, LAPSED):
    _busy.upon(Inputs.renew, nodata=True).loop()(nothing_to_renew)
for _late in (THAWING, LAPSING, LAPSED):
    _late.upon(Inputs._look).loop().returns(None)
for _second in (Inputs._released, Inputs._kept):  # of two thaws that were under way
    ENDED.upon(_second).loop().returns(None)
for _over in (ENDING, ENDED):
    _over.upon(Inputs.end).loop().returns(None)
    _over.upon(Inputs._began).loop().returns(None)

Machine = _builder.build()
