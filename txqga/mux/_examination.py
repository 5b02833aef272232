"""Gathering what is known of a guest, for a diagnosis."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from twisted.internet import defer
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.threads import deferToThread

from txqga.errors import TxqgaError
from txqga.mux._doctor import Facts, Finding, diagnose
from txqga.mux._guest import Guest
from txqga.mux._holders import Holder, holders
from txqga.mux._inventory import VM
from txqga.schema import Schema, extended
from txqga.wire import JSON

#: Seconds that the agent, or the kernel, has for an answer; without one, it is done without.
PATIENCE = 5.0

#: Commands that a guest may say are disabled; what it says beyond that is not looked at.
MOST = 1000

T = TypeVar("T")
Find = Callable[[Path], "Deferred[list[Holder]]"]


def in_a_thread(path: Path) -> "Deferred[list[Holder]]":
    """Look for the processes at a socket; reading all of ``/proc`` takes its time."""
    return deferToThread(holders, path)


async def examine(
    clock: IReactorTime,
    guest: Guest,
    vm: VM,
    schema: Schema | None = None,
    find: Find = in_a_thread,
) -> list[Finding]:
    """
    Say what keeps a guest from answering, what matters most first.

    An agent that answers is asked which of its commands are disabled; of one that does not, it is
    found out who is connected to its channel.
    """
    found: list[Holder] = []
    disabled: list[str] = []
    if guest.status.state.is_ready:
        disabled = await _or(clock, _disabled(guest), [])
    elif vm.path is not None:
        found = await _or(clock, find(vm.path), [])
    facts = Facts(
        status=guest.status,
        now=clock.seconds(),
        running=guest.running,
        standing=guest.freezing.freezes.standing,
        holders=found,
        port_open=guest.outlook.machine.port,
        machine=guest.outlook.word,
        disabled=disabled,
    )
    return diagnose(facts, extended() if schema is None else schema)


def _disabled(guest: Guest) -> "Deferred[list[str]]":
    return guest.ask_myself("guest-info", {}).addCallback(disabled_in)


def disabled_in(info: JSON) -> list[str]:
    """Read the names of disabled commands out of what an agent says of itself, whatever it is."""
    listed = info.get("supported_commands") if isinstance(info, dict) else None
    if not isinstance(listed, list):
        return []
    return [
        each["name"]
        for each in listed[:MOST]
        if isinstance(each, dict) and each.get("enabled") is False and type(each.get("name")) is str
    ]


async def _or(clock: IReactorTime, asked: "Deferred[T]", otherwise: T) -> T:
    try:
        return await asked.addTimeout(PATIENCE, clock)
    except (TxqgaError, OSError, defer.TimeoutError):
        return otherwise
