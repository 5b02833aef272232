"""What a host reads: replies, a line each, and what a hostile guest sends instead."""

import json
import tracemalloc
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import cut, cuts, garbage, one_by_one, patient, values
from txqga.errors import FrameTooLong
from txqga.wire import (
    JSON,
    REPLY_LIMITS,
    Limits,
    Malformed,
    Message,
    ReplyReader,
    Sentinel,
    success,
)

REPLY = b'{"return": {}}\n'
MESSAGE = Message({"return": {}}, 14)
Event = Message | Malformed | Sentinel


def read(pieces: Iterable[bytes], reader: ReplyReader | None = None) -> list[Event]:
    reader = ReplyReader() if reader is None else reader
    return [event for piece in pieces for event in reader.receive(piece)]


class LineTests(SynchronousTestCase):
    def check(self, text: bytes, *expected: Event) -> None:
        for pieces in ([text], one_by_one(text)):
            self.assertEqual(read(pieces), [*expected], text)

    def test_replies(self) -> None:
        """
        Each line is a reply, also where several come at once.
        """
        self.check(REPLY, MESSAGE)
        self.check(REPLY * 3, MESSAGE, MESSAGE, MESSAGE)
        self.check(REPLY + b'{"return"', MESSAGE)
        self.check(b'{"return": {}, "id": "1.7"}\n', Message({"return": {}, "id": "1.7"}, 27))

    def test_blank_lines(self) -> None:
        """
        Blank lines are nothing, and lines may end with a carriage return.
        """
        self.check(b"\n\r\n \t\n" + REPLY[:-1] + b"\r\n", Message({"return": {}}, 15))
        self.check(
            b"\n" * 99 + b" " + REPLY + b"\r\n" * 99 + REPLY, Message({"return": {}}, 15), MESSAGE
        )

    def test_no_reply(self) -> None:
        """
        A line that is no JSON is one fault; one that is some other value is for others to judge.
        """
        self.check(b"login: \n", Malformed("JSON parse error, invalid keyword 'login'"))
        self.check(b"{}{}\n", Malformed("JSON parse error, more than one value"))
        self.check(b"5\n", Message(5, 1))
        self.check(b"{'return': 1}\n", Message({"return": 1}, 13))

    def test_sentinel(self) -> None:
        """
        0xFF drops the unfinished line, and says how much that was.
        """
        self.check(b"\xff" + REPLY, Sentinel(0), MESSAGE)
        self.check(REPLY + b'{"ret\xff' + REPLY, MESSAGE, Sentinel(5), MESSAGE)
        self.check(b"\xff\xff", Sentinel(0), Sentinel(0))

    @patient
    @given(garbage, cuts)
    def test_cuts_do_not_matter(self, text: bytes, where: list[int]) -> None:
        """
        Where octets are cut makes no difference.
        """
        self.assertEqual(read([text]), read(cut(text, where)))

    @patient
    @given(garbage, st.lists(values, max_size=3), cuts)
    def test_sync_recovers(self, noise: bytes, sent: list[JSON], where: list[int]) -> None:
        """
        Whatever was on the channel before, replies behind 0xFF are read.
        """
        stream = noise + b"\xff" + b"".join(success(value) for value in sent)
        events = read(cut(stream, where))
        self.assertEqual(
            [each.value["return"] for each in events[-len(sent) :] if isinstance(each, Message)]
            if sent
            else [],
            sent,
        )


class SkipTests(SynchronousTestCase):
    def test_up_to_the_sentinel(self) -> None:
        """
        While it skips, a host sees nothing before 0xFF, and then how much it did not see.
        """
        for pieces in ([REPLY + b"x\xff" + REPLY], one_by_one(REPLY + b"x\xff" + REPLY)):
            reader = ReplyReader()
            reader.skip()
            self.assertEqual(read(pieces, reader), [Sentinel(16), MESSAGE])

    def test_unfinished_line(self) -> None:
        """
        A line that was begun before is skipped as well.
        """
        reader = ReplyReader()
        reader.receive(b'{"ret')
        reader.skip()
        reader.skip()
        self.assertEqual(reader.receive(b'urn": 1}\n\xff' + REPLY), [Sentinel(14), MESSAGE])

    def test_again(self) -> None:
        """
        One 0xFF ends one skip.
        """
        reader = ReplyReader()
        for _ in range(2):
            reader.skip()
            self.assertEqual(reader.receive(b"abc\xff" + REPLY), [Sentinel(3), MESSAGE])
            self.assertEqual(reader.receive(REPLY), [MESSAGE])

    def test_memory(self) -> None:
        """
        Skipping costs no memory, whatever the guest sends.
        """
        reader = ReplyReader()
        reader.skip()
        chunk = b'{"x":' * 13107
        tracemalloc.start()
        try:
            for _ in range(1600):
                self.assertEqual(reader.receive(chunk), [])
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertTrue(peak < 1 << 16, peak)
        self.assertEqual(reader.receive(b"\xff" + REPLY), [Sentinel(1600 * 65535), MESSAGE])


class LimitTests(SynchronousTestCase):
    def test_line_too_long(self) -> None:
        """
        A line of the limit's length, newline included, is read; a longer one loses the stream.
        """
        for size, fits in ((98, True), (99, False)):
            line = b'"' + b"x" * (size - 1) + b'"\n'
            line = line[:-3] + b'"\n'
            for pieces in ([line], one_by_one(line), cut(line, [50])):
                reader = ReplyReader(Limits(octets=99, depth=9, members=9))
                if fits:
                    self.assertEqual(len(read(pieces, reader)), 1)
                else:
                    self.assertRaises(FrameTooLong, read, pieces, reader)

    def test_lost(self) -> None:
        """
        Once lost, the stream stays lost, whatever comes and whatever is asked.
        """
        reader = ReplyReader(Limits(octets=10, depth=9, members=9))
        self.assertRaises(FrameTooLong, reader.receive, b"x" * 10)
        reader.skip()
        for _ in range(2):
            self.assertRaises(FrameTooLong, reader.receive, b"\xff" + REPLY)
        self.assertEqual(reader.receive(b""), [])

    def test_whole_before_lost(self) -> None:
        """
        Replies that came before a line that is too long are not lost with it.
        """
        reader = ReplyReader(Limits(octets=20, depth=9, members=9))
        self.assertEqual(reader.receive(REPLY + b"x" * 20), [MESSAGE])
        self.assertRaises(FrameTooLong, reader.receive, b"\n")

    def test_changed(self) -> None:
        """
        The longest line can be changed with the command that is asked.
        """
        reader = ReplyReader(Limits(octets=10, depth=9, members=9))
        reader.max_octets = 100
        self.assertEqual(reader.receive(b'"' + b"x" * 50), [])
        self.assertEqual(reader.receive(b'"\n'), [Message("x" * 50, 52)])

    def test_depth_and_members(self) -> None:
        """
        A line that nests too deep, or has too many members, is a fault, and the next one is read.
        """
        deep = b"[" * 65 + b"]" * 65 + b"\n"
        wide = b"[" + b"0," * 100_000 + b"0]\n"
        self.assertEqual(
            read([deep + wide + REPLY]),
            [
                Malformed("JSON nesting depth limit exceeded"),
                Malformed("JSON token count limit exceeded"),
                MESSAGE,
            ],
        )
        self.assertEqual(read([b"[" * 100_000 + b"\n" + REPLY])[1:], [MESSAGE])

    def test_large_replies(self) -> None:
        """
        Replies as large as agents send them are within the limits.
        """
        block = {"phys-index": 1, "online": True, "can-offline": True}
        blocks = {"return": [block] * 16384}
        line = json.dumps(blocks).encode() + b"\n"
        pieces = cut(line, range(0, len(line), 65536))
        self.assertEqual(read(pieces), [Message(blocks, len(line) - 1)])

    def flood(self, octets: bytes, total: int) -> int:
        """Feed octets again and again; return the most memory that took."""
        reader = ReplyReader()
        chunk = octets * (8192 // len(octets))
        tracemalloc.start()
        try:
            for _ in range(total // 8192):
                reader.receive(chunk)
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak

    def test_lines_without_end(self) -> None:
        """
        A line without end loses the stream before it takes much memory.
        """
        for octets in (b"x", b"[", b"\0", b"'", b"\xfe"):
            self.assertTrue(self.flood(octets, REPLY_LIMITS.octets - 8192) < 12 << 20)
            self.assertRaises(FrameTooLong, self.flood, octets, REPLY_LIMITS.octets)

    def test_floods(self) -> None:
        """
        Floods of anything else leave nothing behind.
        """
        for octets in (b"\xff", b"x\xff", b"\n", b"[" * 99 + b"\n", b"{}\n"):
            self.assertTrue(self.flood(octets, 16384) < 1 << 20, octets)
