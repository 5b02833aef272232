"""
Crossing the rest of a faulty request.

It ends where its brackets balance, as QEMU has it, or, which QEMU lacks, at a line that begins
with ``{``: a request that starts its own line is served whatever came before it. What was in no
brackets costs its line, up to the first bracket. Strings are crossed as strings, lest the command
of a request that was refused run for being quoted in it.
"""

import re
from typing import Final

from txqga.wire._tokens import string_end

_BLANKS = re.compile(rb"[ \t\r\n]*")
_LINE_END = re.compile(rb"[\n\xff]")
_MARK = re.compile(rb"[\"'{}\[\]\n\xff]")
_OBJECT: Final = 0x7B
_SENTINEL: Final = 0xFF
_NEWLINE: Final = 0x0A
_QUOTES: Final = (0x22, 0x27)
_OPEN: Final = b"{["


class Rest:
    """
    The rest of a faulty text.

    :param depth: how many brackets are open
    :param fresh: whether nothing but blanks came since the last newline
    :param quote: of the string that is open, if one is
    :param escaped: whether that string stopped behind a backslash
    """

    def __init__(
        self, depth: int, fresh: bool = False, quote: bytes = b"", escaped: bool = False
    ) -> None:
        self._depth = depth
        self._fresh = fresh
        self._quote = quote
        self._escaped = escaped

    def cross(self, data: bytes, pos: int) -> tuple[int, bool]:
        """
        :return: the position come to, and whether the rest ends there, and a text may begin.
        """
        line_end = pos
        while True:
            if self._quote:
                pos, self._escaped = string_end(data, pos, self._quote, self._escaped)
                if pos == len(data):
                    return pos, False
                if data[pos] == self._quote[0]:
                    pos += 1
                self._quote = b""
            if self._fresh:
                blanks = _BLANKS.match(data, pos)
                assert blanks is not None
                pos = blanks.end()
                if pos == len(data):
                    return pos, False
                if data[pos] == _OBJECT:
                    return pos, True
                self._fresh = False
            if self._depth and pos >= line_end:
                stop = _LINE_END.search(data, pos)
                line_end = stop.start() if stop is not None else len(data)
                if self._leap(data, pos, line_end):
                    pos = line_end
            found = _MARK.search(data, pos)
            if found is None:
                return len(data), False
            pos = found.end()
            octet = data[pos - 1]
            if octet == _NEWLINE:
                if self._depth == 0:
                    return pos, True
                self._fresh = True
            elif octet == _SENTINEL:
                return pos, True
            elif octet in _OPEN and self._depth == 0:
                return pos - 1, True
            elif octet in _QUOTES:
                self._quote = data[pos - 1 : pos]
            elif octet in _OPEN:
                self._depth += 1
            elif self._depth:
                self._depth -= 1
                if self._depth == 0:
                    return pos, True

    def _leap(self, data: bytes, pos: int, end: int) -> bool:
        """Cross octets at once, if they hold no string and cannot balance."""
        closed = data.count(b"}", pos, end) + data.count(b"]", pos, end)
        if closed >= self._depth or any(data.find(quote, pos, end) >= 0 for quote in _QUOTES):
            return False
        self._depth += data.count(b"{", pos, end) + data.count(b"[", pos, end) - closed
        return True
