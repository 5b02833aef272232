"""
Why a guest does not answer, as a code and in words, and what to do about it.

What can be known is gathered first; what it means is a table. The code is for programs, and does
not change between versions; the words are for people.
"""

from collections.abc import Collection, Mapping, Sequence

from attrs import field, frozen

from txqga.fsfreeze import NOBODY, Stage, Standing
from txqga.mux._holders import Holder
from txqga.schema import Schema
from txqga.session import State, Status, reason_code

#: For each code: what it means, and what to do.
MEANINGS: Mapping[str, tuple[str, str]] = {
    "ok": (
        "The agent answers.",
        "",
    ),
    "no-socket": (
        "There is no socket at the guest's channel.",
        "Start the virtual machine; if it runs, give it a channel for the guest agent "
        "(a virtio-serial port named org.qemu.guest_agent.0) and compare the path with this one.",
    ),
    "nobody-listens": (
        "The socket is there, and nobody listens on it: it is left from a virtual machine that "
        "has ended.",
        "Start the virtual machine.",
    ),
    "no-machine": (
        "There is no virtual machine at this address.",
        "Start the virtual machine, or correct the address.",
    ),
    "no-permission": (
        "This process may not connect to the socket.",
        "Run the mux as root or as the user that QEMU runs as, or let its group write to the "
        "socket; with AppArmor or SELinux, see their logs too.",
    ),
    "held": (
        "Another process holds the channel: QEMU serves one connection, and lets others wait.",
        "Stop the other process, or point it at the mux's socket of this guest. libvirt holds the "
        "channel that it has made for itself: give the guest a second one, for the mux.",
    ),
    "no-agent": (
        "The guest has not opened its end of the channel: no agent runs in it.",
        "In the guest: install and start the agent (package qemu-guest-agent, or txqga).",
    ),
    "silent": (
        "The connection was taken, and nobody answers on it: either another process holds the "
        "channel, or no agent runs in the guest.",
        "On the host, `ss -xp` shows who is connected; in the guest, see whether the agent runs. "
        "With QEMU's monitor told to the mux, this could be told apart.",
    ),
    "hung": (
        "The agent answered before, and does not any more.",
        "See whether the guest is paused or out of memory; in the guest, see what the agent does "
        "(a disk or network filesystem that hangs holds it), and start it again.",
    ),
    "paused": (
        "The virtual machine is paused: nothing in it runs.",
        "Resume it; if it was paused by an error, make room on the host's disk first.",
    ),
    "suspended": (
        "The guest is suspended to memory.",
        "Wake it up: `system_wakeup` at QEMU's monitor, `virsh dompmwakeup`.",
    ),
    "migrating": (
        "The virtual machine is being moved to another host.",
        "Wait until it has arrived; it is the other host's guest then.",
    ),
    "not-an-agent": (
        "Something answers on the channel, and not as a guest agent does.",
        "See what listens there; if it is an agent, do not block guest-sync-delimited in it.",
    ),
    "garbage": (
        "What comes from the guest makes no sense, and does not end.",
        "See what writes to the port in the guest; do not trust this guest.",
    ),
    "frozen": (
        "The guest's filesystems are frozen.",
        "Thaw them when what they were frozen for is done; most commands wait until then.",
    ),
    "found-frozen": (
        "The guest's filesystems were found frozen: nobody has frozen them through this mux.",
        "See who talks to the agent besides the mux, or to QEMU; thaw them, or let the mux do it.",
    ),
    "frozen-in-doubt": (
        "The guest was frozen when the mux ended the last time, and could not be asked since.",
        "Bring its agent back: the mux asks it then, and thaws it in time.",
    ),
    "thaw-owed": (
        "The guest is to be thawed, and has not said yet that it is.",
        "The mux asks for it until it is; where the agent is away, bring it back, or reset the "
        "virtual machine.",
    ),
    "busy": (
        "The agent is busy with another command.",
        "Wait for it: an agent does one thing at a time, and nothing calls a command back.",
    ),
    "connecting": (
        "The mux is connecting to the agent.",
        "Wait a few seconds.",
    ),
    "disabled": (
        "The agent answers, and has commands disabled.",
        "In the guest, see the options block-rpcs and allow-rpcs of the agent; Red Hat's packages "
        "set them in /etc/sysconfig/qemu-ga, and block guest-exec and guest-file-* unless told "
        "otherwise.",
    ),
    "closed": (
        "The mux is stopping, or has not started yet.",
        "Start it.",
    ),
}

#: Seconds after which a command that runs is worth telling.
LONG = 5.0

_COMING = (State.CONNECTING, State.SYNCING, State.DESYNCED)


@frozen(kw_only=True)
class Facts:
    """What is known of a guest."""

    status: Status
    now: float  #: in the clock of the status
    running: tuple[str, float] | None = None  #: the command that the agent is at, and since when
    standing: Standing | None = None  #: how its freeze stands
    holders: Sequence[Holder] = ()  #: other processes that are connected to the channel
    port_open: bool | None = None  #: as QEMU says; None: it was not asked
    machine: str = ""  #: paused, suspended, migrating, as QEMU says; else nothing
    disabled: Collection[str] = ()  #: commands that the agent says are disabled


@frozen(kw_only=True)
class Finding:
    """One thing that keeps a guest from answering."""

    code: str  #: of :data:`MEANINGS`
    words: str  #: what it means, and what is known about it here
    advice: str  #: what to do; empty: nothing
    seconds: float | None = field(default=None)  #: how long it has been so, where that is known


def diagnose(facts: Facts, schema: Schema) -> list[Finding]:
    """Say what is wrong with a guest, what matters most first; one finding, ``ok``, if nothing."""
    found = [_finding(code, more, seconds) for code, more, seconds in _codes(facts, schema)]
    return found or [_finding("ok", "", None)]


def _codes(facts: Facts, schema: Schema) -> Sequence[tuple[str, str, float | None]]:
    """List codes, what is known besides, and for how long it has been so."""
    status = facts.status
    lasts = max(0.0, facts.now - status.since)
    if facts.machine and not status.state.is_ready:
        return [(facts.machine, "", None), *_frozen(facts)]
    if not status.state.is_ready:
        return [(_away(facts), _who(facts), lasts), *_frozen(facts)]
    codes: list[tuple[str, str, float | None]] = [*_frozen(facts)]
    if not codes and status.state is State.FROZEN:
        codes.append(("frozen", status.reason, lasts))
    if facts.running is not None and facts.now - facts.running[1] >= LONG:
        command, since = facts.running
        if command not in schema.commands:
            command = "a command that is not in the schema"  # a client may make up any name
        codes.append(("busy", f"{command} is running", facts.now - since))
    disabled = sorted(name for name in facts.disabled if name in schema.commands)
    if disabled:
        codes.append(("disabled", ", ".join(disabled), None))
    return codes


def _frozen(facts: Facts) -> Sequence[tuple[str, str, float | None]]:
    """Say for whom it is frozen and until when, or why it is not thawed yet."""
    standing = facts.standing
    if standing is None:
        return []
    lease, lasts = standing.lease, max(0.0, facts.now - standing.since)
    match standing.stage:
        case Stage.FROZEN:
            code = "found-frozen" if lease.owner == NOBODY else "frozen"
            return [(code, standing.told(facts.now), max(0.0, facts.now - lease.since))]
        case Stage.THAWING:
            return [("thaw-owed", standing.reason, lasts)]
        case Stage.DOUBTFUL:
            return [("frozen-in-doubt", f"it was frozen for {lease.owner}", lasts)]
    return []


def _away(facts: Facts) -> str:
    """Say in one word why the agent is not there."""
    if facts.port_open is False:
        return "no-agent"
    code = reason_code(facts.status)
    if code == "silent" and (facts.holders or facts.port_open):
        return "held"
    if code not in MEANINGS:
        return "connecting" if facts.status.state in _COMING else "nobody-listens"
    return code


def _who(facts: Facts) -> str:
    """Name the other processes at the channel, and else give the reason as it was told."""
    if facts.holders:
        named = ", ".join(f"{each.program} (pid {each.pid})" for each in facts.holders)
        return f"connected to it: {named}"
    return facts.status.reason


def _finding(code: str, more: str, seconds: float | None) -> Finding:
    words, advice = MEANINGS[code]
    said = f"{words} ({more})" if more else words
    return Finding(code=code, words=said, advice=advice, seconds=seconds)
