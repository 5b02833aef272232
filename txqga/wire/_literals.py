r"""
Strings, numbers and keywords of QEMU's JSON dialect.

RFC 8259 plus single quotes, ``\'`` and the octets C0 80 for U+0000; minus lone surrogates.
An integer is an int where 64 bits hold it, else a float; a float that is too large is infinite.
Where QEMU's lexer is narrower than RFC 8259 (``0e1``, non-characters), this is not.
"""

import re
from typing import Final

from txqga.errors import MalformedJSON
from txqga.wire._events import JSON
from txqga.wire._json import fast

_KEYWORDS: Final[dict[bytes, JSON]] = {b"true": True, b"false": False, b"null": None}
_SHORT = {
    b'"': '"',
    b"'": "'",
    b"\\": "\\",
    b"/": "/",
    b"b": "\b",
    b"f": "\f",
    b"n": "\n",
    b"r": "\r",
    b"t": "\t",
}
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CONTROL = re.compile(rb"[\x00-\x1f\xfe\xff]")
_ESCAPE = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|u([0-9a-ce-fA-CE-F][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})"
    rb"|([\"'\\/bfnrt]))"
)
_SHOWN = 40  #: octets of a bad token shown in an error


def stray(octets: bytes) -> MalformedJSON:
    """The error for octets that begin no token, or do not end one."""
    shown = octets[:_SHOWN].decode("utf-8", "replace")
    return MalformedJSON(f"JSON parse error, stray '{shown}'")


def keyword(word: bytes) -> JSON:
    """
    :param word: lower case letters
    :raise MalformedJSON: it is none of ``true``, ``false`` and ``null``
    """
    try:
        return _KEYWORDS[word]
    except KeyError:
        shown = word[:_SHOWN].decode("ascii")
        raise MalformedJSON(f"JSON parse error, invalid keyword '{shown}'") from None


def number(digits: bytes) -> int | float:
    """
    :param digits: a whole run of the octets that numbers are made of
    :raise MalformedJSON: it is not one number
    """
    form = _NUMBER.fullmatch(digits)
    if form is None:
        raise stray(digits)
    if form.lastindex is None and len(digits) <= 20:
        value = int(digits)
        if -(1 << 63) <= value < 1 << 64:
            return value
    return float(digits)


def string(token: bytes) -> str:
    """
    :param token: a string with its quotes, of either kind
    :raise MalformedJSON: control characters, bad escapes, or not UTF-8
    """
    if token[0] == 0x22:
        try:
            value: str = fast(token)
        except ValueError:
            return _careful(token[1:-1])
        return value
    return _careful(token[1:-1])


def _careful(content: bytes) -> str:
    control = _CONTROL.search(content)
    if control is not None:
        raise stray(b'"' + content[: control.end()])
    parts: list[str] = []
    done = 0
    escape = content.find(b"\\")
    while escape >= 0:
        parts.append(_text(content[done:escape]))
        form = _ESCAPE.match(content, escape)
        if form is None:
            raise _bad_escape(content, escape)
        high, low, plain, short = form.groups()
        if short is not None:
            parts.append(_SHORT[short])
        elif plain is not None:
            parts.append(chr(int(plain, 16)))
        else:
            parts.append(chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF)))
        done = form.end()
        escape = content.find(b"\\", done)
    parts.append(_text(content[done:]))
    return "".join(parts)


def _text(octets: bytes) -> str:
    try:
        return octets.replace(b"\xc0\x80", b"\0").decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedJSON("JSON parse error, invalid UTF-8 sequence in string") from None


def _bad_escape(content: bytes, escape: int) -> MalformedJSON:
    if content[escape + 1 : escape + 2] != b"u":
        return MalformedJSON("JSON parse error, invalid escape sequence in string")
    shown = content[escape : escape + 6].decode("utf-8", "replace")
    return MalformedJSON(f"JSON parse error, {shown} is not a valid Unicode character")
