"""
The fast path: JSON at C speed.

It may accept, never refuse: what raises here is tried again by the dialect's own parser. So it
is narrow where decoders are lax: NaN and Infinity, lone surrogates, integers beyond 64 bits.
"""

import json
import re
from typing import NoReturn

from txqga.wire._events import JSON

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

#: a surrogate written as an escape: half of a pair, or alone
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _integer(digits: str) -> int | float:
    if len(digits) > 20:
        raise ValueError("beyond 64 bits")
    value = int(digits)
    return value if -(1 << 63) <= value < 1 << 64 else float(value)


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError("beyond a double")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_stdlib = json.JSONDecoder(parse_int=_integer, parse_float=_finite, parse_constant=_refuse)


def with_stdlib(octets: bytes) -> JSON:
    """
    Decode with the standard library.

    :raise ValueError: not decoded, which does not mean that it is not JSON
    """
    text = str(octets, "utf-8")
    if "\\u" in text and _SURROGATE.search(text):
        raise ValueError("surrogates")
    try:
        return _stdlib.decode(text)
    except RecursionError:
        raise ValueError("nested too deep for the C stack") from None


#: Decode UTF-8 octets; raises ValueError where it will not.
fast = with_stdlib if orjson is None else orjson.loads
