"""
Values to octets, in QEMU's form: ``", "`` and ``": "`` between them, ASCII, no newline.

QEMU has two defects here that are not imitated: infinite numbers become the largest finite ones
(``1e400`` cannot come back, but a number stays a number) and NaN becomes null.
"""

import re
from collections.abc import Iterable, Iterator
from json import JSONEncoder
from math import isnan
from sys import float_info

from txqga.wire._base64 import surely_base64
from txqga.wire._events import JSON
from txqga.wire._verbatim import Verbatim

_encoder = JSONEncoder(check_circular=False, allow_nan=False)
_DEEPEST = 10_000  #: more than any reader takes
_WORD = 1 << 64  #: of larger integers Python may refuse to make digits
_LONG = 8192  #: octets of a string worth looking whether it can be copied as it is
#: what needs no escape: printable ASCII but quote and backslash
_PLAIN = bytes(octet for octet in range(0x20, 0x7F) if octet not in b'"\\')
#: in a JSON text: a pair of surrogates, or (the group) one alone, or any other escape
_ESCAPE = re.compile(r"\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f]..)|.)")


def encode(value: JSON) -> bytes:
    """
    :param value: JSON-ready; a ``str`` may hold lone surrogates, as file names do that are not
        UTF-8: each is sent as U+FFFD. A :py:class:`Verbatim` is sent as the string that it is.
    :raise TypeError: it holds what JSON has no form for
    """
    return b"".join(pieces(value))


def pieces(value: JSON) -> Iterable[bytes | memoryview]:
    """As :py:func:`encode`, to be put together with more: long strings are copied once."""
    kind = type(value)
    if kind is str and len(value) <= _LONG:
        return (_octets(_encoder.encode(value)),)  # a string alone is what it does fast
    if kind is int and -_WORD <= value < _WORD:
        return (b"%d" % value,)
    if kind is dict and not value:
        return (b"{}",)
    if _holds_long(value):
        return _pieces(value)
    try:
        return (_octets(_encoder.encode(value)),)
    except (ValueError, RecursionError):
        return _pieces(value)


def _holds_long(value: JSON) -> bool:
    """
    Whether there is a long string where messages have them: one level down, or two.
    """
    if type(value) is dict:
        for member in value.values():
            if _is_long(member):
                return True
            if type(member) is dict:
                for inner in member.values():
                    if _is_long(inner):
                        return True
    return _is_long(value)


def _is_long(value: JSON) -> bool:
    kind = type(value)
    return (kind is str and len(value) > _LONG) or kind is Verbatim


def _octets(text: str) -> bytes:
    if "\\ud" in text:
        text = _ESCAPE.sub(lambda found: "\\ufffd" if found[1] else found[0], text)
    return text.encode("ascii")


def _pieces(value: JSON) -> Iterator[bytes | memoryview]:
    """Encode without recursion, whatever a float holds, and copy long strings if that will do."""
    opened: list[tuple[Iterator[tuple[bytes, JSON]], bytes]] = [(iter([(b"", value)]), b"")]
    while opened:
        parts, end = opened[-1]
        for before, part in parts:
            yield before
            if isinstance(part, dict):
                yield b"{"
                opened.append((_members(part), b"}"))
                break
            if isinstance(part, (list, tuple)):
                yield b"["
                opened.append((_elements(part), b"]"))
                break
            yield from _scalar(part)
        else:
            yield end
            opened.pop()
        if len(opened) > _DEEPEST:
            raise ValueError("nested too deep, or holds itself")


def _members(members: dict[str, JSON]) -> Iterator[tuple[bytes, JSON]]:
    separator = b""
    for name, value in members.items():
        yield separator + _octets(_encoder.encode(name)) + b": ", value
        separator = b", "


def _elements(elements: Iterable[JSON]) -> Iterator[tuple[bytes, JSON]]:
    separator = b""
    for value in elements:
        yield separator, value
        separator = b", "


def _scalar(value: JSON) -> Iterator[bytes | memoryview]:
    if isinstance(value, float):
        value = None if isnan(value) else max(-float_info.max, min(value, float_info.max))
    elif isinstance(value, str) and len(value) > _LONG and value.isascii():
        octets = value.encode("ascii")
        if surely_base64(octets) or not octets.translate(None, _PLAIN):
            yield from (b'"', octets, b'"')
            return
    elif isinstance(value, Verbatim):
        yield from (b'"', value.octets, b'"')
        return
    yield _octets(_encoder.encode(value))
