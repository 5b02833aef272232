"""
Octets to tokens, wherever the octets are cut.

A token that the cut leaves unfinished is kept, in pieces, until the next octets finish it; every
octet is looked at once. Strings are crossed by ``find``, so that a long one costs what copying
it costs.
"""

import re
from typing import Final, TypeAlias

from txqga.errors import MalformedJSON
from txqga.wire._events import JSON
from txqga.wire._literals import keyword, number, stray, string
from txqga.wire._pieces import Pieces

# Kinds of token. Brackets, comma and colon are their own octet.
VALUE: Final = 1  #: a number or a keyword
STRING: Final = 2
FAULT: Final = 3  #: no token; the value says why
SENTINEL: Final = 0xFF

_TOKEN = re.compile(
    rb'[ \t\r\n]*(?:([{}\[\],:\xff])|("[^"\\\x00-\x1f\xfe\xff]{0,64}")|(["\'])'
    rb"|([-0-9][-+.0-9eE]*)|([a-z]+)|([^ \t\r\n]))?"
)
_NUMBER = re.compile(rb"[-+.0-9eE]*")
_WORD = re.compile(rb"[a-z]*")
_MARK, _SHORT, _QUOTE, _DIGITS, _LETTERS, _STRAY = range(1, 7)


#: Kind; value of a string, number or keyword, or description of a fault; where the token starts
#: in the octets that finished it (0 if earlier ones began it), and where it ends.
Token: TypeAlias = tuple[int, JSON, int, int]


class Tokens:
    """Reads tokens out of octets that come in pieces."""

    def __init__(self) -> None:
        self._pieces = Pieces()  # of the unfinished token
        self._quote = b""  # of the unfinished string
        self._escaped = False  # whether the unfinished string ended behind a backslash
        self._run: re.Pattern[bytes] | None = None  # what goes on with the unfinished number

    @property
    def open_string(self) -> tuple[bytes, bool]:
        """
        The quote of the string that is unfinished, empty if none is, and whether the octets so
        far ended behind a backslash.
        """
        return self._quote, self._escaped

    def reset(self) -> None:
        """Forget the unfinished token."""
        self._pieces.clear()
        self._quote = b""
        self._escaped = False
        self._run = None

    def read(self, data: bytes, pos: int) -> Token | None:
        """
        The next token of ``data`` from ``pos`` on.

        A fault ends behind the octet that is wrong, or at the newline that is.

        :return: None when there is no whole token left; what there is of it is kept.
        """
        if self._quote:
            return self._string(data, pos, pos)
        if self._run is not None:
            return self._plain(data, pos, pos, self._run)
        found = _TOKEN.match(data, pos)
        assert found is not None  # it matches nothing at all, too
        which = found.lastindex
        if which == _MARK:
            end = found.end()
            return (data[end - 1], None, end - 1, end)
        if which is None:
            return None
        start, end = found.span(which)
        if which == _SHORT:
            return self._literal(STRING, data[start:end], start, end)
        if which == _QUOTE:
            self._quote = data[start:end]
            return self._string(data, start, end)
        if which == _STRAY:
            return (FAULT, stray(data[start:end]).desc, start, end)
        return self._plain(data, start, end, _NUMBER if which == _DIGITS else _WORD)

    def _plain(self, data: bytes, start: int, pos: int, run: re.Pattern[bytes]) -> Token | None:
        found = run.match(data, pos)
        assert found is not None
        end = found.end()
        if end == len(data):
            self._run = run
            self._pieces.append(data[start:])
            return None
        token = data[start:end]
        if self._run is not None:
            self._pieces.append(token)
            token = self._pieces.take()
            self._run = None
        return self._literal(VALUE, token, start, end)

    def _string(self, data: bytes, start: int, pos: int) -> Token | None:
        end, self._escaped = string_end(data, pos, self._quote, self._escaped)
        if end == len(data):
            self._pieces.append(data[start:])
            return None
        octet = data[end]
        if octet == self._quote[0]:
            end += 1
            self._pieces.append(data[start:end])
            token = self._pieces.take()
            self._quote = b""
            return self._literal(STRING, token, start, end)
        if octet == SENTINEL:
            self.reset()
            return (SENTINEL, None, end, end + 1)
        self._pieces.append(data[start:end])
        begun = self._pieces.head()
        self.reset()
        return (FAULT, stray(begun).desc, start, end)

    def _literal(self, kind: int, token: bytes, start: int, end: int) -> Token:
        try:
            if kind == STRING:
                value: JSON = string(token)
            elif token[0] >= 0x61:
                value = keyword(token)
            else:
                value = number(token)
        except MalformedJSON as fault:
            return (FAULT, fault.desc, start, end)
        return (kind, value, start, end)


def string_end(data: bytes, pos: int, quote: bytes, escaped: bool) -> tuple[int, bool]:
    """
    Cross a string from ``pos``, which is inside it.

    :param escaped: whether a backslash stands before ``pos``
    :return: where its quote is, or a newline or 0xFF that ends it badly, or the end of ``data``
        and whether a backslash stands there.
    """
    if escaped and pos < len(data) and data[pos] not in b"\n\xff":
        pos += 1
    while True:
        end = data.find(quote, pos)
        if end < 0:
            end = len(data)
        newline = data.find(b"\n", pos, end)
        if newline >= 0:
            end = newline
        sentinel = data.find(b"\xff", pos, end)
        if sentinel >= 0:
            end = sentinel
        part = data[pos:end] if data.find(b"\\", pos, end) >= 0 else b""
        odd = (len(part) - len(part.rstrip(b"\\"))) % 2 == 1
        if end == len(data):
            return end, odd
        if not odd or data[end] in b"\n\xff":
            return end, False
        pos = end + 1
