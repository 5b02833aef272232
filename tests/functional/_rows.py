"""
Rows: what is sent, and what must come back, from which version of an agent.

How alike replies must be is ``design.md`` section 3: parsed values, the number of replies, and the
words of errors count; the order of members does not. See :class:`Malformed` for what does not
parse.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import field, frozen

from tests.functional._client import request
from tests.functional._oracle import V7_2, V10_0

GENERIC, NOT_FOUND = "GenericError", "CommandNotFound"

_ABSENT: Any = object()


@frozen(kw_only=True)
class Reply:
    """One reply line, as far as it matters."""

    members: Mapping[str, Any]
    delimited: bool = False  #: preceded by 0xFF


def ok(value: Any, id: Any = _ABSENT, *, delimited: bool = False) -> Reply:
    """A success."""
    more = {} if id is _ABSENT else {"id": id}
    return Reply(members={"return": value, **more}, delimited=delimited)


def error(desc: str, id: Any = _ABSENT, *, wire_class: str = GENERIC) -> Reply:
    """A refusal."""
    more = {} if id is _ABSENT else {"id": id}
    return Reply(members={"error": {"class": wire_class, "desc": desc}, **more})


def not_found(desc: str, id: Any = _ABSENT) -> Reply:
    """A refusal of the class CommandNotFound."""
    return error(desc, id, wire_class=NOT_FOUND)


@frozen
class Malformed:
    """
    The answer to octets that are no JSON: one error or more, without id, in words of its own.

    Whoever checks it sees to the rest: the next request is served.
    """

    desc: str | None = None  #: words of the first one, where they are fixed


MALFORMED = Malformed()

Expected: TypeAlias = Reply | Malformed | tuple[Reply, ...]


@frozen
class Row:
    """Octets, and the replies to them."""

    send: bytes
    replies: Expected
    v7_2: Expected | None = field(default=None, kw_only=True)  #: where 7.2 differs
    v10_0: Expected | None = field(default=None, kw_only=True)  #: where 10.0 differs

    def expected(self, series: str) -> Expected:
        """What the agent of that series should say."""
        of_its_own = {V7_2: self.v7_2, V10_0: self.v10_0}.get(series)
        return self.replies if of_its_own is None else of_its_own


def call(
    command: str,
    arguments: Mapping[str, Any],
    replies: Expected,
    *,
    v7_2: Expected | None = None,
    v10_0: Expected | None = None,
) -> Row:
    """A row that sends one command with its arguments."""
    return Row(request(command, arguments), replies, v7_2=v7_2, v10_0=v10_0)


def plain(value: Any) -> Any:
    """
    A JSON value in a form that two equal ones share.

    ``100`` and ``1e2`` are one number, but ``1`` and ``true`` are two values.
    """
    match value:
        case bool() | None | str():
            return [type(value).__name__, value]
        case int() | float():
            return ["number", value]
        case list():
            return ["array", [plain(item) for item in value]]
        case _:
            return ["object", sorted((key, plain(item)) for key, item in value.items())]


def _decode(line: bytes) -> Reply:
    text = line.removeprefix(b"\xff")
    if not text.isascii():
        raise ValueError("a reply is ASCII")
    members = json.loads(text)
    return Reply(members=members, delimited=line.startswith(b"\xff"))


def complaint(lines: list[bytes], expected: Expected) -> str | None:
    """What is wrong with these replies, if anything."""
    try:
        replies = [_decode(line) for line in lines]
    except ValueError as why:
        return f"no reply at all: {why}"
    if isinstance(expected, Malformed):
        if not replies:
            return "no error line"
        for reply in replies:
            if set(reply.members) != {"error"} or reply.members["error"]["class"] != GENERIC:
                return "something other than id-less GenericErrors"
        first = replies[0].members["error"]["desc"]
        return None if expected.desc in (None, first) else f"first desc is not {expected.desc!r}"
    wanted = [expected] if isinstance(expected, Reply) else list(expected)
    if len(replies) != len(wanted):
        return f"{len(replies)} replies, not {len(wanted)}"
    for reply, want in zip(replies, wanted, strict=True):
        if reply.delimited != want.delimited:
            return "0xFF at the wrong place"
        if plain(reply.members) != plain(want.members):
            return f"not {json.dumps(want.members)}"
    return None
