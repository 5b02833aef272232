"""
Values to octets, in QEMU's form: ``", "`` and ``": "`` between them, ASCII, no newline.

QEMU has two defects here that are not imitated: infinite numbers become the largest finite ones
(``1e400`` cannot come back, but a number stays a number) and NaN becomes null.
"""

import re
from collections.abc import Iterable, Iterator
from json import JSONEncoder
from json.encoder import encode_basestring_ascii
from math import isnan
from sys import float_info

from txqga.wire._events import JSON

_encoder = JSONEncoder(check_circular=False, allow_nan=False)
_DEEPEST = 10_000  #: more than any reader takes
#: in a JSON text: a pair of surrogates, or (the group) one alone, or any other escape
_ESCAPE = re.compile(r"\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f]..)|.)")


def encode(value: JSON) -> bytes:
    """
    :param value: JSON-ready; a ``str`` may hold lone surrogates, as file names do that are not
        UTF-8: each is sent as U+FFFD.
    """
    try:
        text = _encoder.encode(value)
    except (ValueError, RecursionError):
        text = "".join(_carefully(value))
    if "\\ud" in text:
        text = _ESCAPE.sub(lambda found: "\\ufffd" if found[1] else found[0], text)
    return text.encode("ascii")


def _carefully(value: JSON) -> Iterator[str]:
    """Encode without recursion, and whatever a float holds."""
    opened: list[tuple[Iterator[tuple[str, JSON]], str]] = [(iter([("", value)]), "")]
    while opened:
        parts, end = opened[-1]
        for before, part in parts:
            yield before
            if isinstance(part, dict):
                yield "{"
                opened.append((_members(part), "}"))
                break
            if isinstance(part, (list, tuple)):
                yield "["
                opened.append((_elements(part), "]"))
                break
            yield _encoder.encode(_finite(part) if isinstance(part, float) else part)
        else:
            yield end
            opened.pop()
        if len(opened) > _DEEPEST:
            raise ValueError("nested too deep, or holds itself")


def _members(members: dict[str, JSON]) -> Iterator[tuple[str, JSON]]:
    separator = ""
    for name, value in members.items():
        yield f"{separator}{encode_basestring_ascii(name)}: ", value
        separator = ", "


def _elements(elements: Iterable[JSON]) -> Iterator[tuple[str, JSON]]:
    separator = ""
    for value in elements:
        yield separator, value
        separator = ", "


def _finite(value: float) -> float | None:
    if isnan(value):
        return None
    return max(-float_info.max, min(value, float_info.max))
