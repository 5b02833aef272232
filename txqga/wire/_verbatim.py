"""
Long base64 that is passed on as it came.

Whoever forwards a reply does not need the megabytes in it as a string: to make one of them, and
octets of that again, takes ten times as long as to see that they are base64, which is what nearly
all long strings of this protocol are. A string that is not, or that nothing can check fast, is
decoded as ever.
"""

from collections.abc import Callable, Iterator, Mapping

from attrs import frozen

from txqga.wire._base64 import surely_base64
from txqga.wire._decode import decode_text
from txqga.wire._events import JSON
from txqga.wire._marks import LONG

#: Strings looked at, before a text is taken for one of those that hold no long ones.
_MOST = 32


@frozen(eq=False)
class Verbatim:
    """A long string of base64, in place of a ``str``."""

    octets: memoryview  #: without quotes, which nothing in it needs

    def __str__(self) -> str:
        return str(self.octets, "ascii")


def decode_verbatim(octets: bytes, depth: int, members: int) -> JSON:
    """
    As :py:func:`decode_text`, with :py:class:`Verbatim` for long base64 in a reply's result.

    It is looked for where commands have it: a member of the object that they return.
    """
    return _decode(octets, depth, members, Verbatim)


def decode_plain(octets: bytes, depth: int, members: int) -> JSON:
    """As :py:func:`decode_text`; long base64 is copied once, where a decoder copies it twice."""
    return _decode(octets, depth, members, _text)


def _text(octets: memoryview) -> str:
    return str(octets, "ascii")


def _decode(
    octets: bytes, depth: int, members: int, make: Callable[[memoryview], Verbatim | str]
) -> JSON:
    cut = list(_long_base64(octets))
    if cut:
        # A control character can only come of an escape, and there is no other.
        marks = {chr(number): each for number, each in enumerate(cut, 1)}
        rest: list[bytes] = []
        end = 0
        for number, (start, stop) in enumerate(cut, 1):
            rest += (octets[end:start], b"\\u%04x" % number)
            end = stop
        value = decode_text(b"".join((*rest, octets[end:])), depth, members)
        view = memoryview(octets)
        found = {mark: make(view[start:stop]) for mark, (start, stop) in marks.items()}
        if _replace(value, found) == len(found):
            return value
    return decode_text(octets, depth, members)


def plain(value: JSON) -> JSON:
    """Put a ``str`` back for each :py:class:`Verbatim` in a result, which may be a copy then."""
    if type(value) is dict and any(type(each) is Verbatim for each in value.values()):
        return {name: str(each) if type(each) is Verbatim else each for name, each in value.items()}
    return value


def _long_base64(octets: bytes) -> Iterator[tuple[int, int]]:
    """Where long strings of base64 start and end; none where strings cannot be told at a glance."""
    if len(octets) <= LONG or b"\\" in octets or b"'" in octets:
        return
    view = memoryview(octets)
    end = -1
    for _ in range(_MOST):
        start = octets.find(b'"', end + 1) + 1
        end = octets.find(b'"', start)
        if start == 0 or end < 0:
            return
        if end - start > LONG and surely_base64(view[start:end]):
            yield start, end


def _replace(reply: JSON, found: Mapping[str, Verbatim | str]) -> int:
    """Put strings in the place of their marks, among the members of the result; return how many."""
    count = 0
    result = reply.get("return") if type(reply) is dict else None
    if type(result) is dict:
        for name, each in result.items():
            if type(each) is str and each in found:
                result[name] = found[each]
                count += 1
    return count
