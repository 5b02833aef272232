"""
Whether the other end is an agent, and where in its answers we are.

A connection proves nothing: the socket may be held by another process, the agent may not run, and
what arrives may be meant for somebody who left. So nothing that could change the guest is written
before ``guest-sync-delimited`` was answered on this very connection, with this very number. The
sync has no id (before QEMU 4.0 an agent refuses it); the probe, which has one, then asks
whether ids come back.

When the calls in flight have run out of time, the same is asked again on the same connection. The
agent answers in order, so an answered sync proves that no reply to what was written before can
come any more. Silence ends the connection: closing it is the only way to take back what the guest
has not read, and it works where no agent runs.
"""

from collections.abc import Callable
from typing import Any, Protocol

from automat import TypeMachineBuilder

from txqga.session._call import Reply
from txqga.session._conversation import Words
from txqga.session._core import Core
from txqga.session._exchange import Exchange
from txqga.session._reasons import DROWNED, quoted
from txqga.session._states import State
from txqga.wire import Refusal


class Inputs(Words, Protocol):
    """What happens to a session: it is told to, and the link, the calls and the agent speak."""

    def start(self) -> None:
        """Connect, and stay connected."""

    def stop(self) -> None:
        """Disconnect, for good."""

    def _synced(self) -> None:
        """The sync was answered."""

    def _unechoed(self) -> None:
        """The probe was answered without its id, or not at all."""

    def _silent(self) -> None:
        """Nothing was heard for too long."""


def ask_first(inputs: Inputs, core: Core) -> Exchange:
    return core.asker.first_sync(core.calls.flight.longest_late, inputs._silent)


def ask_probe(inputs: Inputs, core: Core) -> Exchange:
    return core.asker.probe(inputs._silent)


def ask_again(inputs: Inputs, core: Core) -> Exchange:
    return core.asker.sync("", inputs._silent)


def ask_where(inputs: Inputs, core: Core, why: str) -> Exchange:
    core.calls.counters.resyncs += 1
    return core.asker.sync(why, inputs._silent)


_builder = TypeMachineBuilder(Inputs, Core)
NEW = _builder.state("new")
AWAY = _builder.state("away")
SYNCING = _builder.state("syncing", ask_first)
PROBING = _builder.state("probing", ask_probe)
CONFIRMING = _builder.state("confirming", ask_again)
READY = _builder.state("ready")
DOUBTING = _builder.state("doubting", ask_where)
RESYNCING = _builder.state("resyncing", ask_where)
CLOSED = _builder.state("closed")

#: an answer is waited for, and an Exchange is at hand
ASKING: tuple[Any, ...] = (SYNCING, PROBING, CONFIRMING, DOUBTING, RESYNCING)


# Getting a connection.


@NEW.upon(Inputs.start).to(AWAY)
def connect(inputs: Inputs, core: Core) -> None:
    core.standing.tell(State.CONNECTING, "connecting for the first time")
    core.link.connect()


@AWAY.upon(Inputs.lost).loop()
def try_later(inputs: Inputs, core: Core, why: str) -> None:
    core.retry(why)


@AWAY.upon(Inputs.connected).to(SYNCING)
def begin(inputs: Inputs, core: Core) -> None:
    core.standing.tell_trying()


# Finding out who is there.


def compare(inputs: Inputs, core: Core, exchange: Exchange, reply: Reply) -> None:
    if exchange.is_answer(reply):
        inputs._synced()
    elif isinstance(reply, Refusal):
        # no agent marks a refusal: this is a mux, which says why the agent is away
        inputs.lost(quoted(reply.desc))
    elif exchange.drowns():
        inputs.flooded(DROWNED)


for _state in ASKING:
    if _state is not PROBING:
        _state.upon(Inputs.marked).loop()(compare)


def pass_unlabelled(inputs: Inputs, core: Core, exchange: Exchange, reply: Reply) -> None:
    if exchange.drowns():
        inputs.flooded(DROWNED)


def pass_stray(inputs: Inputs, core: Core, exchange: Exchange, kind: str, what: str) -> None:
    if exchange.drowns():
        inputs.flooded(DROWNED)


for _state in (SYNCING, PROBING, CONFIRMING, RESYNCING):
    _state.upon(Inputs.stray).loop()(pass_stray)
    if _state is not PROBING:
        _state.upon(Inputs.unlabelled).loop()(pass_unlabelled)


@SYNCING.upon(Inputs._synced).to(PROBING)
def found(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.silence.cancel()
    core.calls.flight.forget()


@PROBING.upon(Inputs.echoed).to(READY)
def open_named(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.silence.cancel()
    core.open(named=True)


@PROBING.upon(Inputs.unlabelled).loop()
def note_unlabelled(inputs: Inputs, core: Core, exchange: Exchange, reply: Reply) -> None:
    # the answer of an old agent, or a line that nobody asked for: a sync tells
    inputs._unechoed()


@PROBING.upon(Inputs._silent).loop()
def note_silence(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    inputs._unechoed()


@PROBING.upon(Inputs._unechoed).to(CONFIRMING)
def stop_probing(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.silence.cancel()


@CONFIRMING.upon(Inputs.echoed).loop()
def note_echo(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.echoed = True


@CONFIRMING.upon(Inputs._synced).to(READY)
def open_confirmed(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.silence.cancel()
    core.open(named=exchange.echoed)


# While calls are made.


@READY.upon(Inputs.unlabelled).loop()
@READY.upon(Inputs.marked).loop()
@DOUBTING.upon(Inputs.unlabelled, nodata=True).loop()
def take_unlabelled(inputs: Inputs, core: Core, reply: Reply) -> None:
    core.calls.unlabelled(reply)


@READY.upon(Inputs.stray).loop()
@DOUBTING.upon(Inputs.stray, nodata=True).loop()
def take_stray(inputs: Inputs, core: Core, kind: str, what: str) -> None:
    core.calls.stray(kind, what)


@READY.upon(Inputs.doubt).to(DOUBTING)
def hold(inputs: Inputs, core: Core, why: str) -> None:
    core.calls.hold()


@READY.upon(Inputs.overdue).to(RESYNCING)
def resync(inputs: Inputs, core: Core, why: str) -> None:
    core.resync(why)


@DOUBTING.upon(Inputs.overdue).to(RESYNCING)
def resync_in_doubt(inputs: Inputs, core: Core, exchange: Exchange, why: str) -> None:
    exchange.silence.cancel()
    core.resync(why)


@DOUBTING.upon(Inputs._silent).loop()
def wait_on(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    # the sync waits behind the call in flight, which may have a long deadline
    if core.calls.flight.is_live:
        exchange.silence.restart()
    else:
        inputs.overdue("no answer to a sync")


@DOUBTING.upon(Inputs._synced).to(READY)
@RESYNCING.upon(Inputs._synced).to(READY)
def recover(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.silence.cancel()
    core.recover(exchange.why)


# Losing the connection.


@SYNCING.upon(Inputs._silent).to(AWAY)
def leave_unheard(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    core.leave_unheard(heard=exchange.silence.heard)


@CONFIRMING.upon(Inputs._silent).to(AWAY)
@RESYNCING.upon(Inputs._silent).to(AWAY)
def leave_hung(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    core.leave_hung(f"{exchange.why}, nor to a sync")


@READY.upon(Inputs.lost).to(AWAY)
def leave(inputs: Inputs, core: Core, why: str) -> None:
    core.leave(State.ABSENT, why, why)


@READY.upon(Inputs.flooded).to(AWAY)
def leave_flood(inputs: Inputs, core: Core, why: str) -> None:
    core.leave_flood(why)


@NEW.upon(Inputs.stop).to(CLOSED)
@AWAY.upon(Inputs.stop).to(CLOSED)
@READY.upon(Inputs.stop).to(CLOSED)
def close(inputs: Inputs, core: Core) -> None:
    core.close()


def leave_asking(inputs: Inputs, core: Core, exchange: Exchange, why: str) -> None:
    exchange.silence.cancel()
    core.leave(State.ABSENT, why, why)


def leave_flood_asking(inputs: Inputs, core: Core, exchange: Exchange, why: str) -> None:
    exchange.silence.cancel()
    core.leave_flood(why)


def close_asking(inputs: Inputs, core: Core, exchange: Exchange) -> None:
    exchange.silence.cancel()
    core.close()


for _state in ASKING:
    _state.upon(Inputs.lost).to(AWAY)(leave_asking)
    _state.upon(Inputs.flooded).to(AWAY)(leave_flood_asking)
    _state.upon(Inputs.stop).to(CLOSED)(close_asking)


# What changes nothing: words for an earlier state.

_IDLE = (NEW, AWAY, CLOSED)
_OPENING = (SYNCING, PROBING, CONFIRMING)
_NO_USE: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
    (Inputs.start, (AWAY, *ASKING, READY, CLOSED)),
    (Inputs.stop, (CLOSED,)),
    (Inputs.connected, (NEW, *ASKING, READY, CLOSED)),
    (Inputs.lost, (NEW, CLOSED)),
    (Inputs.flooded, _IDLE),
    (Inputs.marked, (*_IDLE, PROBING)),
    (Inputs.echoed, (*_IDLE, SYNCING, READY, DOUBTING, RESYNCING)),
    (Inputs.unlabelled, _IDLE),
    (Inputs.stray, _IDLE),
    (Inputs.overdue, (*_IDLE, *_OPENING, RESYNCING)),
    (Inputs.doubt, (*_IDLE, *ASKING)),
]
for _input, _states in _NO_USE:
    for _state in _states:
        _state.upon(_input).loop().returns(None)

Sync = _builder.build()
