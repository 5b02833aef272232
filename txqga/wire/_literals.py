r"""
Strings, numbers and keywords of QEMU's JSON dialect.

RFC 8259 plus single quotes, ``\'`` and the octets C0 80 for U+0000; minus lone surrogates.
An integer is an int where 64 bits hold it, else a float; a float that is too large is infinite.
Where QEMU's lexer is narrower than RFC 8259 (``0e1``, non-characters), this is not.
"""

import re
from typing import Final

from txqga.errors import MalformedJSON
from txqga.wire._base64 import surely_base64
from txqga.wire._events import JSON
from txqga.wire._json import fast
from txqga.wire._marks import LONG

_KEYWORDS: Final[dict[bytes, JSON]] = {b"true": True, b"false": False, b"null": None}
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CONTROL = re.compile(rb"[\x00-\x1f\xfe\xff]")
_CONTROLS: Final = bytes((*range(0x20), 0xFE, 0xFF))
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u([0-9a-fA-F]{4})|([\"'\\/bfnrt]))?"
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
    if len(token) > LONG and surely_base64(memoryview(token)[1:-1]):
        return token[1:-1].decode("ascii")  # a decoder would copy it twice
    if token[0] == 0x22:
        try:
            value: str = fast(token)
        except ValueError:
            return _careful(token[1:-1])
        return value
    return _careful(token[1:-1])


def _careful(content: bytes) -> str:
    if len(content.translate(None, _CONTROLS)) < len(content):  # 50 times as fast as a search
        control = _CONTROL.search(content)
        assert control is not None
        raise stray(b'"' + content[: control.end()])
    try:
        text = content.replace(b"\xc0\x80", b"\0").decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedJSON("JSON parse error, invalid UTF-8 sequence in string") from None
    return _ESCAPE.sub(_unescape, text)


def _unescape(escape: re.Match[str]) -> str:
    match escape.lastindex:
        case 4:
            return _SHORT.get(escape[4], escape[4])
        case 3 if not 0xD800 <= (unit := int(escape[3], 16)) < 0xE000:
            return chr(unit)
        case 2:
            high, low = int(escape[1], 16), int(escape[2], 16)
            return chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))
    shown = escape.string[escape.start() : escape.start() + 6]
    if not shown.startswith("\\u"):
        raise MalformedJSON("JSON parse error, invalid escape sequence in string")
    raise MalformedJSON(f"JSON parse error, {shown} is not a valid Unicode character")
