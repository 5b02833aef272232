"""
One line of the audit: who asked what of whom, whether they might, and what came of it.

A line is JSON in ASCII, so that nothing in it can look like another line, and has 4 KiB at most.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timezone

from attrs import frozen
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from txqga.errors import AgentUnavailable, CommandFailed, OutcomeUnknown
from txqga.mux._callers import Bearer, Peer
from txqga.mux.policy._redaction import cut, redacted
from txqga.mux.policy._rules import Decision
from txqga.schema import Schema
from txqga.wire import JSON

LONGEST = 4096  #: octets of a line, its newline included

_TOO_LONG = "(too long)"
_NAME = 64  #: characters of a command's name, or a guest's: none has more
_WORDS = 128  #: characters of a reason


@frozen(kw_only=True)
class Asked:
    """A command, and what was decided about it."""

    time: float  #: seconds since 1970
    guest: str
    who: Peer | Bearer | None  #: None: the program that the mux is part of
    command: str
    arguments: Mapping[str, JSON]
    decision: Decision


def identity(who: Peer | Bearer | None) -> JSON:
    """Tell who somebody is."""
    if isinstance(who, Peer):
        return {"uid": who.uid, "gid": who.gid, "pid": who.pid}
    return {"program": True} if who is None else {"bearer": cut(who.name)}


def line(schema: Schema, asked: Asked, outcome: Mapping[str, JSON]) -> bytes:
    """Write the line of a command, with its newline."""
    told: dict[str, JSON] = {
        "time": _date(asked.time),
        "guest": cut(asked.guest, _NAME),
        "who": identity(asked.who),
        "command": cut(asked.command, _NAME),
        "arguments": redacted(schema, asked.command, asked.arguments),
        "decision": "allowed" if asked.decision.allowed else "refused",
        "rule": asked.decision.rule,
        **outcome,
    }
    octets = _encoded(told)
    return octets if len(octets) <= LONGEST else _encoded({**told, "arguments": _TOO_LONG})


def refused_connection(time: float, guest: str | None, who: Peer | Bearer, reason: str) -> bytes:
    """
    Write the line of somebody who was not let in.

    :param guest: to which they came; None: to the control interface.
    """
    place = {} if guest is None else {"guest": guest}
    told = {"time": _date(time), **place, "who": identity(who)}
    return _encoded({**told, "decision": "refused", "connection": cut(reason, _WORDS)})


def lost(time: float, count: int) -> bytes:
    """Write the line that stands for lines that could not be kept."""
    return _encoded({"time": _date(time), "lost": count})


def outcome(result: object, seconds: float) -> Mapping[str, JSON]:
    """Tell what came of a command: its value, or a Failure."""
    told: dict[str, JSON] = {"outcome": "returned", "seconds": round(seconds, 6)}
    if isinstance(result, Failure):
        why = result.value
        if isinstance(why, CommandFailed):
            told |= {"outcome": "failed", "class": why.wire_class, "desc": cut(why.desc, _WORDS)}
        elif isinstance(why, AgentUnavailable):
            told |= {"outcome": "unavailable", "state": why.state}
        elif isinstance(why, OutcomeUnknown):
            told["outcome"] = "unknown"
        elif isinstance(why, CancelledError):
            told["outcome"] = "cancelled"
        else:
            told["outcome"] = "broken"
    return told


def _date(seconds: float) -> str:
    date = datetime.fromtimestamp(seconds, timezone.utc)
    return date.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _encoded(told: JSON) -> bytes:
    return json.dumps(told).encode("ascii") + b"\n"
