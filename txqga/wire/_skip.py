"""
Crossing the rest of a faulty request.

It ends where its brackets balance, as QEMU has it, or, which QEMU lacks, at a line that begins
with ``{``: a request that starts its own line is served whatever came before it. Strings are
crossed as strings, lest the command of a request that was refused run for being quoted in it.
"""

import re
from typing import Final

from txqga.wire._tokens import string_end

_SPACE = re.compile(rb"[ \t\r\n]*")
_MARK = re.compile(rb"[\"'{}\[\]\n\xff]")
_LINE = re.compile(rb"[\n\xff]")
_QUOTES: Final = b"\"'"
_OPEN: Final = b"{["
_CLOSE: Final = b"}]"


class Rest:
    """
    The rest of a faulty text.

    :param depth: how many brackets are open; None if nobody knows, and only lines and 0xFF count
    :param fresh: whether nothing but blanks came since the last newline
    """

    def __init__(self, depth: int | None, fresh: bool = False) -> None:
        self._depth = depth
        self._quote = b""
        self._escaped = False
        self._fresh = fresh

    def cross(self, data: bytes, pos: int) -> tuple[int, bool]:
        """
        :return: the position come to, and whether the rest ends there: a text may begin, or 0xFF
            stands there.
        """
        mark = _LINE if self._depth is None else _MARK
        while True:
            if self._fresh:
                pos = _space_end(data, pos)
                if pos == len(data):
                    return pos, False
                if data[pos] == 0x7B:
                    return pos, True
                self._fresh = False
            if self._quote:
                pos, self._escaped = string_end(data, pos, self._quote, self._escaped)
                if pos == len(data):
                    return pos, False
                if data[pos] == self._quote[0]:
                    pos += 1
                self._quote = b""
                continue
            found = mark.search(data, pos)
            if found is None:
                return len(data), False
            pos = found.end()
            octet = data[pos - 1]
            if octet == 0x0A:
                self._fresh = True
            elif octet == 0xFF:
                return pos - 1, True
            elif octet in _QUOTES:
                self._quote = data[pos - 1 : pos]
                self._escaped = False
            elif octet in _OPEN:
                if self._depth == 0:
                    return pos - 1, True
                self._depth += 1  # type: ignore[operator]
            elif self._depth:
                self._depth -= 1
                if self._depth == 0:
                    return pos, True


def _space_end(data: bytes, pos: int) -> int:
    found = _SPACE.match(data, pos)
    assert found is not None
    return found.end()
