"""Long base64 that is passed on as it came."""

import base64
import tracemalloc
from importlib.util import find_spec
from unittest import skipIf

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import LimitExceeded, MalformedJSON
from txqga.wire import JSON, Message, ReplyReader, Verbatim, encode, plain, success
from txqga.wire._decode import decode_text
from txqga.wire._verbatim import decode_verbatim

OCTETS = bytes(range(256)) * 40
LONG = base64.b64encode(OCTETS)
TEXT = LONG.decode()

#: Of what lines are made that come near to being replies.
PARTS = [LONG, LONG[:8196], *(b'" \\ \' { } : , "return" "a" 1 \\u0001 \x01').split(b" ")]

needs_pybase64 = skipIf(find_spec("pybase64") is None, "pybase64 is not installed")


def read(line: bytes) -> JSON:
    return decode_verbatim(line, 64, 1000)


class VerbatimTests(SynchronousTestCase):
    @needs_pybase64
    def test_passed_on(self) -> None:
        """
        What a file holds goes out as it came in, and can be had as a string.
        """
        line = b'{"return": {"count": 10240, "buf-b64": "%b", "eof": true}, "id": "7.1"}\n' % LONG
        (message,) = ReplyReader(verbatim=True).receive(line)
        assert isinstance(message, Message)
        value = message.value["return"]
        self.assertIsInstance(value["buf-b64"], Verbatim)
        self.assertEqual(success(value, "7.1"), line)
        self.assertEqual(plain(value), {"count": 10240, "buf-b64": TEXT, "eof": True})
        self.assertIsInstance(value["buf-b64"], Verbatim)

    @needs_pybase64
    def test_two(self) -> None:
        """
        A program's output and errors are two strings.
        """
        other = LONG[4:]
        value = read(b'{"return": {"out-data": "%b", "x": "", "err-data": "%b"}}' % (LONG, other))
        self.assertEqual(
            plain(value["return"]), {"out-data": TEXT, "x": "", "err-data": other.decode()}
        )
        self.assertEqual(str(value["return"]["err-data"]), other.decode())

    def test_not_asked_for(self) -> None:
        """
        Who does not ask for it gets strings.
        """
        (message,) = ReplyReader().receive(b'{"return": {"buf-b64": "%b"}}\n' % LONG)
        assert isinstance(message, Message)
        self.assertEqual(message.value, {"return": {"buf-b64": TEXT}})

    def test_elsewhere(self) -> None:
        """
        Where no command returns base64, a string is a string: nothing else expects another thing.
        """
        for line in (
            b'{"return": "%b"}',
            b'{"return": {"a": {"b": "%b"}}}',
            b'{"return": {"%b": 1}}',
            b'{"return": ["%b"]}',
            b'{"return": {}, "id": "%b"}',
            b'{"error": {"class": "GenericError", "desc": "%b"}}',
            b'["%b"]',
        ):
            self.assertEqual(read(line % LONG), decode_text(line % LONG, 64, 1000))

    def test_not_base64(self) -> None:
        """
        A long string that is anything else is decoded, or refused, as ever.
        """
        for inside in (b"\\u0041", b"\\u0001", "\N{PILE OF POO}".encode(), b"    ", b"'''\\'"):
            line = b'{"return": {"buf-b64": "%b%b"}}' % (inside, LONG)
            self.assertEqual(read(line), decode_text(line, 64, 1000))
        for inside in (b"\x00\x01\x02\x03", b"\t\t\t\t", b'"', b'","a":', b"\xc3\x28AA"):
            line = b'{"return": {"buf-b64": "%b%b"}}' % (LONG, inside)
            self.assertRaises(MalformedJSON, read, line)

    def test_marks(self) -> None:
        """
        What looks like the mark that a long string is replaced by is never taken for one.
        """
        for mark in (b"\\u0001", b"\x01"):
            line = b'{"return": {"a": "%b", "buf-b64": "%b"}}' % (mark, LONG)
            try:
                expected = decode_text(line, 64, 1000)
            except MalformedJSON:
                self.assertRaises(MalformedJSON, read, line)
            else:
                self.assertEqual(read(line), expected)

    def test_same_name(self) -> None:
        """
        Of two members of one name the last one counts.
        """
        line = b'{"return": {"a": "%b", "a": "%b"}}' % (LONG, LONG[4:])
        self.assertEqual(plain(read(line)["return"]), {"a": TEXT[4:]})

    def test_limits(self) -> None:
        """
        What is around a long string is bounded as ever.
        """
        line = b'{"return": {"buf-b64": "%b", "a": [%b]}}'
        self.assertRaises(LimitExceeded, read, line % (LONG, b"1," * 1000 + b"1"))
        self.assertRaises(LimitExceeded, read, line % (LONG, b"[" * 64 + b"]" * 64))

    @needs_pybase64
    def test_copies(self) -> None:
        """
        Megabytes are read, and made a reply of, with one copy each.
        """
        line = b'{"return": {"buf-b64": "%b"}, "id": 1}\n' % (b"QUJD" * (1 << 20))
        reader = ReplyReader(verbatim=True)
        tracemalloc.start()
        (message,) = reader.receive(line)
        _, reading = tracemalloc.get_traced_memory()
        assert isinstance(message, Message)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        reply = success(message.value["return"], 2)
        _, writing = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertEqual(len(reply), len(line))
        self.assertLess(reading, 1.2 * len(line))
        self.assertLess(writing - before, 1.2 * len(line))

    @given(st.lists(st.sampled_from(PARTS), max_size=14))
    def test_alike(self, parts: list[bytes]) -> None:
        """
        Whatever comes, the value is the one that is read without this.
        """
        for line in (b"".join(parts), b'{"return": {"a": "' + b"".join(parts) + b'"}}'):
            try:
                expected = decode_text(line, 64, 1000)
            except MalformedJSON:
                self.assertRaises(MalformedJSON, read, line)
            else:
                value = read(line)
                if type(value) is dict and type(value.get("return")) is dict:
                    value = {**value, "return": plain(value["return"])}
                self.assertEqual(value, expected)
                self.assertEqual(encode(read(line)), encode(expected))
