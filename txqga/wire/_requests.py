"""
Reading requests, as an agent does.

A request is whole the moment its last bracket closes; it needs no newline. After a fault the
next request is read that starts a line, or follows 0xFF, or the brackets of the faulty one.

One case cannot be told: where a line ends behind ``[``, ``:`` or a comma in an array, an object
on the next line is taken for the value that is due there, as it must be in pretty-printed JSON.
0xFF is the way out; without it, the request after that one is served.
"""

import re

from txqga.errors import LimitExceeded, MalformedJSON
from txqga.wire import _recovery
from txqga.wire._events import Malformed, Message
from txqga.wire._grammar import Grammar
from txqga.wire._json import fast
from txqga.wire._limits import QEMU_LIMITS, TOO_LONG, TOO_MANY, Limits
from txqga.wire._marks import LONG, few
from txqga.wire._skip import Rest
from txqga.wire._tokens import FAULT, SENTINEL, STRING, VALUE, Tokens

_STRAY = Malformed("JSON parse error, stray '\N{REPLACEMENT CHARACTER}'")
_SPACE = re.compile(rb"[ \t\r\n]*")
_SENTINELS = re.compile(rb"\xff+")
_OPEN, _CLOSE = b"{}"
_MARKS = (b"{", b"[", b",", b":")


class RequestReader:
    """
    Octets of requests in, messages and faults out.

    :param limits: what one request may hold; what exceeds it is a fault like any other
    """

    def __init__(self, limits: Limits = QEMU_LIMITS) -> None:
        self._limits = limits
        self._harmless = min(limits.octets - 1, limits.depth, limits.members)
        self._events: list[Message | Malformed] = []
        self._tokens = Tokens()
        self._grammar = Grammar(limits.depth)
        self._rest = Rest(0)
        self._start = 0  # of the text, in the present octets
        self._before = 0  # octets of the text that came earlier
        self._count = 0  # tokens of the text
        self._fresh = False  # nothing but blanks came since the last newline
        self._tried = 0  # up to here, the fast path was tried
        self._core = _recovery.Core(
            between=self._between,
            inside=self._inside,
            skip=self._skip,
            flush=self._flush,
        )
        self._recovery = _recovery.machine(self._core)

    def receive(self, data: bytes) -> list[Message | Malformed]:
        """
        Take what the transport read; return what it completed, in order. Does not raise.

        Each 0xFF is a fault, unless it ends one that was reported already.
        """
        self._tried = 0
        core, pos, end = self._core, 0, len(data)
        while pos < end:
            pos = core.go(data, pos)
        events, self._events = self._events, []
        return events

    def _between(self, data: bytes, pos: int) -> int:
        octet = data[pos]
        if octet == _OPEN:
            if pos >= self._tried:
                stop = data.find(b"\n", pos)
                self._tried = stop = len(data) if stop < 0 else stop
                if self._whole(data[pos:stop]):
                    return stop + 1
        elif octet == SENTINEL:
            run = _SENTINELS.match(data, pos)
            assert run is not None
            self._events.extend([_STRAY] * (run.end() - pos))
            return run.end()
        elif octet in b" \t\r\n":
            blanks = _SPACE.match(data, pos)
            assert blanks is not None
            return blanks.end()
        self._start = pos
        self._before = self._count = 0
        self._fresh = False
        return self._read(data, pos)

    def _inside(self, data: bytes, pos: int) -> int:
        self._start = 0
        return self._read(data, pos)

    def _skip(self, data: bytes, pos: int) -> int:
        pos, ended = self._rest.cross(data, pos)
        if ended:
            self._recovery.resume()
        return pos

    def _flush(self) -> None:
        self._tokens.reset()
        self._grammar.reset()
        self._events.append(_STRAY)

    def _whole(self, line: bytes) -> bool:
        """Try the fast path; whether it took the line."""
        if line[-1] != _CLOSE:
            line = line.rstrip(b" \t\r")
            if line[-1] != _CLOSE:
                return False
        size = len(line)
        if size > self._harmless and not self._surely_within_limits(line):
            return False
        try:
            value = fast(line)
        except ValueError:
            return False
        self._events.append(Message(value, size))
        return True

    def _surely_within_limits(self, line: bytes) -> bool:
        limits = self._limits
        if len(line) >= limits.octets:
            return False
        # below: three times what is found, and one, must not be more than what is harmless
        if len(line) > LONG and few(line, _MARKS, (self._harmless - 1) // 3):
            return True
        opened = line.count(b"{") + line.count(b"[")
        if opened > limits.depth:
            return False
        if len(line) <= limits.members:
            return True
        split = line.count(b",") + line.count(b":")
        # each bracket, each comma, each colon; and a name or value next to each at most
        return 3 * opened + 2 * split + 1 <= limits.members

    def _read(self, data: bytes, pos: int) -> int:
        """Read up to the end of the text, or of the octets, or behind a fault."""
        read, grammar, limits = self._tokens.read, self._grammar, self._limits
        offset = self._before - self._start
        fresh, count = self._fresh, self._count
        while (token := read(data, pos)) is not None:
            kind, value, start, end = token
            if kind == SENTINEL:
                if self._before:
                    self._recovery.sentinel()
                else:
                    self._flush()
                return end
            count += 1
            try:
                if offset + end >= limits.octets:
                    raise LimitExceeded(TOO_LONG)
                if count > limits.members:
                    raise LimitExceeded(TOO_MANY)
                if kind == FAULT:
                    raise MalformedJSON(value)
                whole = grammar.take(token)
            except (MalformedJSON, LimitExceeded) as fault:
                fresh = fresh or data.find(b"\n", pos, start) >= 0
                crossed = kind in (VALUE, STRING, FAULT)
                return self._fault(fault.desc, fresh, data, end if crossed else start)
            if whole:
                self._events.append(Message(grammar.pop(), offset + end))
                if self._before:
                    self._recovery.finish()
                return end
            pos, fresh = end, False
        size = offset + len(data)
        fresh = fresh or data.find(b"\n", pos) >= 0
        if size >= limits.octets:
            return self._fault(TOO_LONG, fresh, data, len(data))
        if not self._before:
            self._recovery.pause()
        self._before, self._fresh, self._count = size, fresh, count
        return len(data)

    def _fault(self, desc: str, fresh: bool, data: bytes, pos: int) -> int:
        """Report, and skip the rest of the text, or of the octets."""
        self._events.append(Malformed(desc))
        rest = Rest(self._grammar.depth, fresh, *self._tokens.open_string)
        self._tokens.reset()
        self._grammar.reset()
        pos, ended = rest.cross(data, pos)
        if not ended:
            self._rest = rest
            self._recovery.skip()
        elif self._before:
            self._recovery.finish()
        return pos
