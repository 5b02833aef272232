"""
Requests and replies: what a JSON text must hold to be one.

``{"execute": ..., "arguments": {...}, "id": ...}`` is answered by ``{"return": ..., "id": ...}``
or ``{"id": ..., "error": {"class": ..., "desc": ...}}``; the order of the members is QEMU's.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import define, frozen

from txqga.errors import MalformedJSON, WireError
from txqga.wire._encode import pieces
from txqga.wire._events import JSON

#: What a client sends, and an agent before its reply to ``guest-sync-delimited``, to flush.
SENTINEL: Final = b"\xff"


class _Absent(Enum):
    ABSENT = "no id"


#: The ``id`` of a message without one; null is an ``id`` like any other.
ABSENT: Final = _Absent.ABSENT


@frozen(kw_only=True)
class Request:
    """What a client asks; neither the command nor its arguments are checked."""

    execute: str
    arguments: Mapping[str, JSON]  #: empty if there were none
    id: JSON


@frozen
class Success:
    """The command's result."""

    value: JSON
    id: JSON


@frozen(kw_only=True)
class Refusal:
    """The command failed."""

    wire_class: str  #: ``GenericError`` or ``CommandNotFound``
    desc: str  #: for people to read
    id: JSON


@define
class RequestFault(WireError):
    """A JSON text that is no request; ``desc`` in QEMU's words."""

    desc: str
    id: JSON = ABSENT  #: to be echoed

    def __str__(self) -> str:
        return self.desc


def command(name: str, arguments: Mapping[str, JSON] | None = None, id: JSON = ABSENT) -> bytes:
    """One request with its newline, without sentinel."""
    parts = [b'{"execute": ', *pieces(name)]
    if arguments is not None:
        parts += (b', "arguments": ', *pieces(dict(arguments)))
    if id is not ABSENT:
        parts += (b', "id": ', *pieces(id))
    return b"".join((*parts, b"}\n"))


def parse_request(value: JSON) -> Request:
    """
    :raise RequestFault: it is none
    """
    if not isinstance(value, dict):
        raise RequestFault("QMP input must be a JSON object")
    identity = value.get("id", ABSENT)
    for name, member in value.items():
        if name == "execute":
            if not isinstance(member, str):
                raise RequestFault("QMP input member 'execute' must be a string", identity)
        elif name == "arguments":
            if not isinstance(member, dict):
                raise RequestFault("QMP input member 'arguments' must be an object", identity)
        elif name != "id":
            raise RequestFault(f"QMP input member '{name}' is unexpected", identity)
    if "execute" not in value:
        raise RequestFault("QMP input lacks member 'execute'", identity)
    return Request(execute=value["execute"], arguments=value.get("arguments", {}), id=identity)


def success(value: JSON, id: JSON = ABSENT) -> bytes:
    """One reply with its newline."""
    named = () if id is ABSENT else (b', "id": ', *pieces(id))
    return b"".join((b'{"return": ', *pieces(value), *named, b"}\n"))


def refusal(wire_class: str, desc: str, id: JSON = ABSENT) -> bytes:
    """
    One error reply with its newline.

    :param wire_class: ``GenericError`` or ``CommandNotFound``
    """
    error = pieces({"class": wire_class, "desc": desc})
    named = () if id is ABSENT else (b'"id": ', *pieces(id), b", ")
    return b"".join((b"{", *named, b'"error": ', *error, b"}\n"))


def parse_reply(value: JSON) -> Success | Refusal:
    """
    :raise MalformedJSON: it is neither; other members than the known ones are let pass
    """
    match value:
        case {"return": result} if "error" not in value:
            return Success(result, value.get("id", ABSENT))
        case {"error": {"class": str(wire_class), "desc": str(desc)}} if "return" not in value:
            return Refusal(wire_class=wire_class, desc=desc, id=value.get("id", ABSENT))
    raise MalformedJSON("neither a result nor an error")
