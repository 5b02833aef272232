"""
Reading replies, as a host does.

One reply a line. 0xFF drops what is unfinished; what comes while skipping is dropped unseen, so a
guest that answers an older conversation, or talks for ever, costs no memory.
"""

import re

from txqga.errors import FrameTooLong, LimitExceeded, MalformedJSON
from txqga.wire import _recovery
from txqga.wire._events import Malformed, Message, Sentinel
from txqga.wire._limits import REPLY_LIMITS, Limits
from txqga.wire._pieces import Pieces
from txqga.wire._verbatim import decode_plain, decode_verbatim

_NOTHING = Sentinel(0)
_SENTINELS = re.compile(rb"\xff+")
_BLANK_LINES = re.compile(rb"[\t\n\r ]*\n")


class ReplyReader:
    """
    Octets of replies in, messages, faults and sentinels out.

    :param limits: what one line may hold
    :param verbatim: long base64 may be a :py:class:`Verbatim`, for who only passes it on
    """

    max_octets: int  #: longest line, with its newline; may be changed between two calls

    def __init__(self, limits: Limits = REPLY_LIMITS, *, verbatim: bool = False) -> None:
        self.max_octets = limits.octets
        self._limits = limits
        self._decode = decode_verbatim if verbatim else decode_plain
        self._events: list[Message | Malformed | Sentinel] = []
        self._pieces = Pieces()  # of the unfinished line
        self._size = 0  # of what 0xFF would discard
        self._newline = -1  # in the present octets, or their end; if pos is behind, look anew
        self._core = _recovery.Core(
            between=self._between,
            inside=self._inside,
            skip=self._skip,
            flush=self._flush,
        )
        self._recovery = _recovery.machine(self._core)

    def skip(self) -> None:
        """Discard everything up to the next 0xFF."""
        self._pieces.clear()
        self._recovery.skip()

    def receive(self, data: bytes) -> list[Message | Malformed | Sentinel]:
        """
        Take what the transport read; return what it completed, in order.

        :raise FrameTooLong: a line outgrew ``max_octets``: the stream is lost, and each further
            call raises. What came whole before that line is returned first; then the next call
            raises.
        """
        self._newline = -1
        core, pos, end = self._core, 0, len(data)
        try:
            while pos < end:
                pos = core.go(data, pos)
        except FrameTooLong:
            if not self._events:
                raise
        events, self._events = self._events, []
        return events

    def _between(self, data: bytes, pos: int) -> int:
        if data[pos] <= 0x20 and (blank := _BLANK_LINES.match(data, pos)):
            return blank.end()  # a storm of newlines must not cost more than one line
        if self._newline < pos:
            newline = data.find(b"\n", pos)
            self._newline = len(data) if newline < 0 else newline
        sentinel = data.find(b"\xff", pos, self._newline)
        if sentinel == pos:
            run = _SENTINELS.match(data, pos)
            assert run is not None
            self._events.extend([_NOTHING] * (run.end() - pos))
            return run.end()
        end = self._newline if sentinel < 0 else sentinel
        if end - pos >= self.max_octets:
            self._lose()
            return pos
        if sentinel >= 0:
            self._events.append(Sentinel(end - pos))
        elif end < len(data):
            self._line(data[pos:end])
        else:
            self._pieces.append(data[pos:])
            self._size = end - pos
            self._recovery.pause()
        return end + 1

    def _inside(self, data: bytes, pos: int) -> int:
        newline = data.find(b"\n")
        end = len(data) if newline < 0 else newline
        sentinel = data.find(b"\xff", 0, end)
        end = end if sentinel < 0 else sentinel
        self._size += end
        if self._size >= self.max_octets:
            self._lose()
            return pos
        if sentinel >= 0:
            self._recovery.sentinel()
            return end + 1
        self._pieces.append(data[:end])
        if end < len(data):
            self._recovery.finish()
            self._line(self._pieces.take())
        return end + 1

    def _skip(self, data: bytes, pos: int) -> int:
        sentinel = data.find(b"\xff", pos)
        if sentinel < 0:
            self._size += len(data) - pos
            return len(data)
        self._size += sentinel - pos
        self._recovery.sentinel()
        return sentinel + 1

    def _flush(self) -> None:
        self._events.append(Sentinel(self._size))
        self._pieces.clear()
        self._size = 0

    def _lose(self) -> None:
        self._pieces.clear()
        self._recovery.lose(f"a reply is longer than {self.max_octets} octets")

    def _line(self, line: bytes) -> None:
        self._size = 0
        try:
            value = self._decode(line, self._limits.depth, self._limits.members)
        except (MalformedJSON, LimitExceeded) as fault:
            if line.strip():
                self._events.append(Malformed(fault.desc))
        else:
            self._events.append(Message(value, len(line)))
