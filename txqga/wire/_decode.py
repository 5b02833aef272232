"""
One text to one value.

The fast path comes first; what it will not take is read token by token. A fast decoder builds
all of a text before anybody can look at it, so what a hostile one could inflate is counted first.
"""

import re
from typing import Final

from txqga.errors import LimitExceeded, MalformedJSON
from txqga.wire._events import JSON
from txqga.wire._grammar import Grammar
from txqga.wire._json import fast
from txqga.wire._limits import QEMU_LIMITS, TOO_DEEP, TOO_LONG, TOO_MANY, Limits
from txqga.wire._marks import LONG, few
from txqga.wire._tokens import FAULT, SENTINEL, Tokens

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ALL_BUT_MARKS = bytes(octet for octet in range(256) if octet not in b'{}[],"')
_MARKS: Final = (b"{", b"[", b",")
#: Octets of a long text that are looked at before all of it is: what is meant to be costly exceeds
#: the limits early.
_HEAD: Final = 1 << 19
_ONE_KIND = bytes.maketrans(b"{}", b"[]")


def decode(octets: bytes | bytearray | memoryview, limits: Limits = QEMU_LIMITS) -> JSON:
    """
    :param octets: one text, blanks around it allowed
    :raise MalformedJSON: it is not one text in QEMU's dialect
    :raise LimitExceeded: too long, too deep, or too many members
    """
    octets = bytes(octets)
    if len(octets) >= limits.octets:
        raise LimitExceeded(TOO_LONG)
    return decode_text(octets, limits.depth, limits.members)


def decode_text(octets: bytes, depth: int, members: int) -> JSON:
    """As :py:func:`decode`, of a text whose length was checked already."""
    size = len(octets)
    if size > min(depth, members) and not (
        size > LONG and few(octets, _MARKS, min(depth, members))
    ):
        fault = _excess(octets[:_HEAD], depth, members) if size > _HEAD else ""
        opened = 0 if fault else octets.count(b"{") + octets.count(b"[")
        if fault or opened > depth or opened + octets.count(b",") > members:
            fault = fault or _excess(octets, depth, members)
            if fault and b"'" in octets:
                return slow(octets, depth, members)  # which knows that kind of string, too
            if fault:
                raise LimitExceeded(fault)
    try:
        return fast(octets)
    except ValueError:
        return slow(octets, depth, members)


def _excess(octets: bytes, depth: int, members: int) -> str:
    """
    Count precisely, what stands between double quotes left out; say what is exceeded, if any.

    Of a text that is not JSON the count is right up to where that shows, and no decoder goes on
    from there.
    """
    if b"\\" not in octets:
        marks = octets.translate(None, _ALL_BUT_MARKS)
        if marks.count(b'"') % 2:
            marks = marks[: marks.rfind(b'"')]  # the octets end in a string
        marks = marks.replace(b'""', b"")
    else:
        marks = b'"'
    if b'"' in marks:
        outside = _STRING.sub(b"", octets).partition(b'"')[0]
        marks = outside.translate(None, _ALL_BUT_MARKS)
    if marks.count(b",") + marks.count(b"{") + marks.count(b"[") > members:
        return TOO_MANY
    brackets = marks.translate(_ONE_KIND, b",")
    brackets = brackets[: 2 * brackets.count(b"[")]  # behind that, one closes what is not open
    too_deep = b"[" * (depth + 1)
    for _ in range(depth):
        if too_deep in brackets:
            return TOO_DEEP
        before = len(brackets)
        brackets = brackets.replace(b"[]", b"")
        if len(brackets) == before:
            return ""  # none is left, or what is left is no JSON
    return TOO_DEEP if brackets else ""


def slow(octets: bytes, depth: int, members: int) -> JSON:
    """Decode token by token, as the dialect is defined; limits and errors as above."""
    tokens, grammar = Tokens(), Grammar(depth)
    octets += b"\n"  # ends a number
    pos = count = 0
    whole = False
    while (token := tokens.read(octets, pos)) is not None:
        kind, value, _, pos = token
        if kind == FAULT:
            raise MalformedJSON(value)
        if kind == SENTINEL or whole:
            raise MalformedJSON("JSON parse error, more than one value")
        count += kind in b"{[,"
        if count > members:
            raise LimitExceeded(TOO_MANY)
        whole = grammar.take(token)
    if not whole:
        raise MalformedJSON("JSON parse error, the text ends early")
    return grammar.pop()
