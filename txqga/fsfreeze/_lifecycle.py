"""
The freeze of one guest, seen from the host.

A guest left frozen hangs its workload, so a freeze is a lease: it is written down before the
freeze is sent, and it ends. Every way out of freezing asks for a thaw, and goes on asking until the
guest has answered: a refused freeze may have frozen some filesystems, one without an answer all of
them. Only a freeze that the agent does not know, or that was never written, owes nothing.

Where a guest was thawed without whoever froze it, they are told when they thaw it: what they have
copied meanwhile may be worth nothing.
"""

from collections.abc import Callable
from typing import Any, Protocol

from attrs import evolve
from automat import TypeMachineBuilder
from twisted.python.failure import Failure

from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, FencedOff
from txqga.fsfreeze import _moves, _refusals
from txqga.fsfreeze._core import Core, Debt, Doubt, Freezing, Hold
from txqga.fsfreeze._lease import NOBODY, Lease, Stage
from txqga.fsfreeze._moves import Moves
from txqga.fsfreeze._wishes import FREEZE, Renewal, Thaw
from txqga.wire import JSON


class Inputs(Moves, Protocol):
    """What happens to a guest's freeze: what is wanted of it, and what comes of that."""


_builder = TypeMachineBuilder(Inputs, Core)
THAWED = _builder.state("thawed")
FREEZING = _builder.state("freezing", _moves.note_down)
FROZEN = _builder.state("frozen", _moves.begin_hold)
THAWING = _builder.state("thawing", _moves.owe)
LAPSED = _builder.state("lapsed")
DOUBTFUL = _builder.state("doubtful", _moves.wonder)
CLOSED = _builder.state("closed")

# What the last process has left.


THAWED.upon(Inputs.recover).loop()(_moves.recall)


@DOUBTFUL.upon(Inputs.found).loop()
def clear_up(inputs: Inputs, core: Core, doubt: Doubt, frozen: bool) -> None:
    if frozen and doubt.held and not core.run_out():
        _moves.hold(inputs, core, f"{core.lease.owner} has frozen it")
    elif frozen and doubt.held:
        _moves.thaw(inputs, core, core.run_out())
    elif frozen:
        _moves.thaw(inputs, core, "nobody was told that it is frozen")
    elif doubt.held:
        _moves.lapse(inputs, core, "it was found thawed")
    else:
        _moves.end(inputs, core, "it was found thawed")


for _state in (THAWED, LAPSED):
    _state.upon(Inputs.freeze).to(FREEZING).returns(None)
    _state.upon(Inputs._hold).to(FROZEN).returns(None)
    _state.upon(Inputs.stop).to(CLOSED).returns(None)
THAWED.upon(Inputs._lapse).to(LAPSED).returns(None)
THAWED.upon(Inputs._doubt).to(DOUBTFUL).returns(None)
DOUBTFUL.upon(Inputs._hold, nodata=True).to(FROZEN).returns(None)
DOUBTFUL.upon(Inputs._owe, nodata=True).to(THAWING).returns(None)
DOUBTFUL.upon(Inputs._lapse, nodata=True).to(LAPSED).returns(None)
DOUBTFUL.upon(Inputs._over, nodata=True).to(THAWED).returns(None)

# Freezing.


@FREEZING.upon(Inputs._noted).loop()
def ask_freeze(inputs: Inputs, core: Core, freezing: Freezing) -> None:
    freezing.wish.send().addCallbacks(inputs._froze, inputs._refused)


@FREEZING.upon(Inputs._froze).loop()
def decide(inputs: Inputs, core: Core, freezing: Freezing, value: JSON) -> None:
    answer, why = freezing.wish.answer, freezing.why or core.run_out()
    if why:
        _moves.thaw(inputs, core, "", *freezing.thaws)
        answer.errback(CommandFailed(f"the guest is being thawed: {why}", FREEZE))
    elif freezing.thaws or (type(value) is int and value <= 0):
        # where nothing was frozen a hook may have been run, and has to be run the other way
        _moves.thaw(inputs, core, "", *freezing.thaws)
        answer.callback(value)
    else:
        inputs._hold()
        noted = core.enter(Stage.FROZEN, f"{core.lease.owner} has frozen it")
        noted.addBoth(lambda _: answer.callback(value))  # unwritten: thawed at once after a crash


@FREEZING.upon(Inputs._refused).loop()
def undo(inputs: Inputs, core: Core, freezing: Freezing, failure: Failure) -> None:
    if failure.check(CommandNotFound, FencedOff, AgentUnavailable):
        _moves.end(inputs, core, "the freeze never ran")
        for wish in freezing.thaws:
            _moves.send(inputs, wish)
    else:
        _moves.thaw(inputs, core, "", *freezing.thaws)
    freezing.wish.answer.errback(failure)


@FREEZING.upon(Inputs.thaw).loop()
def thaw_then(inputs: Inputs, core: Core, freezing: Freezing, wish: Thaw) -> None:
    freezing.thaws.append(wish)


@FREEZING.upon(Inputs.release).loop()
def release_then(inputs: Inputs, core: Core, freezing: Freezing, why: str) -> None:
    freezing.why = why


@FREEZING.upon(Inputs.stop).to(CLOSED)
def leave(inputs: Inputs, core: Core, freezing: Freezing) -> None:
    freezing.wish.answer.errback(_refusals.closed())


FREEZING.upon(Inputs._hold, nodata=True).to(FROZEN).returns(None)
FREEZING.upon(Inputs._owe, nodata=True).to(THAWING).returns(None)
FREEZING.upon(Inputs._over, nodata=True).to(THAWED).returns(None)

# Frozen, for as long as the lease and the guest's own limit allow.


@THAWED.upon(Inputs.found).loop()
@LAPSED.upon(Inputs.found).loop()
def adopt(inputs: Inputs, core: Core, frozen: bool) -> None:
    if frozen:
        lease = core.lent(NOBODY, core.seconds)
        _moves.hold(inputs, core, "it was found frozen, by nobody here", lease)


@FROZEN.upon(Inputs.renew, nodata=True).loop()
def renew(inputs: Inputs, core: Core, renewal: Renewal) -> None:
    seconds = renewal.seconds
    lease = evolve(core.lease, seconds=seconds, deadline=core.now() + seconds)
    core.enter(Stage.FROZEN, f"{lease.owner} keeps it frozen", lease).addCallbacks(
        lambda _: inputs._renewed(lease, renewal), lambda why: _moves.unrenewed(renewal, why)
    )


@FROZEN.upon(Inputs._renewed).loop()
def go_on(inputs: Inputs, core: Core, hold: Hold, lease: Lease, renewal: Renewal) -> None:
    hold.limit.deadline = lease.deadline
    hold.arm(lease, core.now())
    hold.limit.renew()
    renewal.answer.callback(renewal.seconds)


@FROZEN.upon(Inputs._until).loop()
def note_limit(inputs: Inputs, core: Core, hold: Hold, when: float) -> None:
    hold.until = when
    hold.arm(core.lease, core.now())


@FROZEN.upon(Inputs._time_up, nodata=True).loop()
def thaw_in_time(inputs: Inputs, core: Core) -> None:
    _moves.thaw(inputs, core, core.run_out() or "the guest's own limit runs out")


@FROZEN.upon(Inputs.release, nodata=True).loop()
@DOUBTFUL.upon(Inputs.release, nodata=True).loop()
def thaw_anyway(inputs: Inputs, core: Core, why: str) -> None:
    _moves.thaw(inputs, core, why)


@FROZEN.upon(Inputs.thaw, nodata=True).loop()
@DOUBTFUL.upon(Inputs.thaw, nodata=True).loop()
def thaw_wanted(inputs: Inputs, core: Core, wish: Thaw) -> None:
    _moves.thaw(inputs, core, "", wish)


@FROZEN.upon(Inputs.found, nodata=True).loop()
def compare(inputs: Inputs, core: Core, frozen: bool) -> None:
    if not frozen:
        _moves.lapse(inputs, core, "it was found thawed")


@FROZEN.upon(Inputs._owe).to(THAWING)
def let_go(inputs: Inputs, core: Core, hold: Hold, why: str, thaws: list[Thaw]) -> None:
    hold.end()


@FROZEN.upon(Inputs._lapse).to(LAPSED)
@FROZEN.upon(Inputs._over).to(THAWED)
@FROZEN.upon(Inputs.stop).to(CLOSED)
def let_go_now(inputs: Inputs, core: Core, hold: Hold) -> None:
    hold.end()


# Thawing, until the guest is thawed.


@THAWING.upon(Inputs.ready).loop()
def thaw_now(inputs: Inputs, core: Core, debt: Debt) -> None:
    debt.thaws.again()


@THAWING.upon(Inputs.found, nodata=True).loop()
def thaw_or_settle(inputs: Inputs, core: Core, frozen: bool) -> None:
    if frozen:
        inputs.ready()
    else:
        inputs._settled()


@THAWED.upon(Inputs.thaw).loop()
@LAPSED.upon(Inputs.thaw).loop()
@THAWING.upon(Inputs.thaw, nodata=True).loop()
def pass_on(inputs: Inputs, core: Core, wish: Thaw) -> None:
    _moves.send(inputs, wish)


@THAWING.upon(Inputs._thawed).loop()
def settle_for(inputs: Inputs, core: Core, debt: Debt, wish: Thaw, value: JSON) -> None:
    words = _moves.lapsed(core, debt.why)
    _moves.end(inputs, core, "somebody has thawed it")
    if debt.why:
        wish.answer.errback(_moves.too_late(words))
    else:
        wish.answer.callback(value)


@FROZEN.upon(Inputs._thawed, nodata=True).loop()
def settle_early(inputs: Inputs, core: Core, wish: Thaw, value: JSON) -> None:
    _moves.end(inputs, core, "somebody has thawed it")
    wish.answer.callback(value)


@LAPSED.upon(Inputs._thawed).loop()
def tell(inputs: Inputs, core: Core, wish: Thaw, value: JSON) -> None:
    words = core.standing.reason
    _moves.end(inputs, core, "whoever froze it was told")
    wish.answer.errback(_moves.too_late(words))


@LAPSED.upon(Inputs._unthawed).loop()
def tell_failure(inputs: Inputs, core: Core, wish: Thaw, failure: Failure) -> None:
    if failure.check(CommandFailed):  # they know that something is wrong; the guest may say what
        _moves.end(inputs, core, "whoever froze it was told")
    wish.answer.errback(failure)


@THAWING.upon(Inputs._unthawed).loop()
def try_again(inputs: Inputs, core: Core, debt: Debt, wish: Thaw, failure: Failure) -> None:
    debt.thaws.wait()
    wish.answer.errback(failure)


@THAWING.upon(Inputs._settled).loop()
def settle(inputs: Inputs, core: Core, debt: Debt) -> None:
    if debt.why:
        _moves.lapse(inputs, core, debt.why)
    else:
        _moves.end(inputs, core, "the host has thawed it")


@THAWING.upon(Inputs._lapse).to(LAPSED)
@THAWING.upon(Inputs._over).to(THAWED)
@THAWING.upon(Inputs.stop).to(CLOSED)
def stop_thawing(inputs: Inputs, core: Core, debt: Debt) -> None:
    debt.thaws.cancel()


LAPSED.upon(Inputs._over).to(THAWED).returns(None)
DOUBTFUL.upon(Inputs.stop, nodata=True).to(CLOSED).returns(None)

# What is refused or passed on, and what says nothing new.

_HOLDING: tuple[Any, ...] = (FREEZING, FROZEN, THAWING, DOUBTFUL)
_FREE: tuple[Any, ...] = (THAWED, LAPSED, CLOSED)
_ELSE: list[tuple[Callable[..., None], Callable[..., None] | None, tuple[Any, ...]]] = [
    (Inputs.freeze, _refusals.refuse_freeze, _HOLDING),
    (Inputs.freeze, _refusals.refuse_freeze_closed, (CLOSED,)),
    (Inputs.thaw, _refusals.refuse_thaw_closed, (CLOSED,)),
    (Inputs.renew, _refusals.refuse_renewal, (FREEZING, THAWING, DOUBTFUL, *_FREE)),
    (Inputs._renewed, _refusals.refuse_renewed, (FREEZING, THAWING, *_FREE)),
    (Inputs._thawed, _refusals.pass_value, (FREEZING, THAWED, DOUBTFUL, CLOSED)),
    (Inputs._unthawed, _refusals.pass_failure, (FREEZING, FROZEN, DOUBTFUL, THAWED, CLOSED)),
    (Inputs.recover, None, (*_HOLDING, LAPSED, CLOSED)),
    (Inputs.release, None, (THAWING, *_FREE)),
    (Inputs.found, None, (FREEZING, CLOSED)),
    (Inputs.ready, None, (FREEZING, FROZEN, DOUBTFUL, *_FREE)),
    (Inputs._time_up, None, (THAWING, *_FREE)),
    (Inputs._until, None, (THAWING, *_FREE)),
    (Inputs._settled, None, (FREEZING, FROZEN, *_FREE)),
    *((each, None, (CLOSED,)) for each in (Inputs._noted, Inputs._froze, Inputs._refused)),
    (Inputs.stop, None, (CLOSED,)),
]
for _input, _behave, _states in _ELSE:
    for _state in _states:
        _upon = _state.upon(_input, nodata=True) if _state in _HOLDING else _state.upon(_input)
        _upon.loop()(_behave) if _behave else _upon.loop().returns(None)

Lifecycle = _builder.build()
