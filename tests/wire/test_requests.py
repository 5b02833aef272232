"""What an agent reads: requests, in any shape that QEMU's agent takes, and what is none."""

import json
import re
import tracemalloc
from collections.abc import Iterable

from hypothesis import assume, example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import cut, cuts, garbage, one_by_one, patient, spelled, values
from txqga.wire import JSON, Limits, Malformed, Message, RequestReader

REQUEST = b'{"execute":"guest-ping"}'
PING = {"execute": "guest-ping"}
WITH_ID = b'{"execute":"guest-ping","id":'


class Bad:
    """Stands for a fault among expected values."""

    def __repr__(self) -> str:
        return "BAD"


BAD = Bad()


def with_id(value: JSON) -> JSON:
    return {"execute": "guest-ping", "id": value}


#: ``facts/agent-behaviour.md`` 2.7, row by row: the octets, then what they are read as.
TABLE: list[tuple[bytes, list[JSON]]] = [
    (REQUEST, [PING]),
    (WITH_ID + b"1}", [with_id(1)]),
    (WITH_ID + b"null}", [with_id(None)]),
    (b"{'execute':'guest-ping'}", [PING]),
    (REQUEST * 2, [PING, PING]),
    (WITH_ID + b"-9223372036854775808}", [with_id(-(2**63))]),
    (WITH_ID + b"9223372036854775808}", [with_id(2**63)]),
    (WITH_ID + b'"5"}', [with_id("5")]),
    (WITH_ID + b"1.0}", [with_id(1.0)]),
    (WITH_ID + b"1e3}", [with_id(1000.0)]),
    (WITH_ID + b"[1]}", [with_id([1])]),
    (WITH_ID + b"{}}", [with_id({})]),
    (WITH_ID + b"18446744073709551615}", [with_id(2**64 - 1)]),
    (WITH_ID + b"18446744073709551616}", [with_id(2.0**64)]),
    (WITH_ID + b"-9223372036854775809}", [with_id(-(2.0**63))]),
    (WITH_ID + b"1e400}", [with_id(float("inf"))]),
    (WITH_ID + b"-0.0}", [with_id(-0.0)]),
    (WITH_ID + b"-0}", [with_id(0)]),
    (WITH_ID + b'"\\u0000"}', [with_id("\0")]),
    (WITH_ID + '"é😀"}'.encode(), [with_id("é😀")]),
    (WITH_ID + b'{"a":[1,2.5]}}', [with_id({"a": [1, 2.5]})]),
    (b'{"exec-oob":"guest-ping"}', [{"exec-oob": "guest-ping"}]),
    (b'{"execute":"guest-ping","control":{}}', [{**PING, "control": {}}]),
    (b'{"zz":1,"aa":2,"execute":"guest-ping"}', [{"zz": 1, "aa": 2, **PING}]),
    (b"{}", [{}]),
    (b'{"execute":5}', [{"execute": 5}]),
    (b'{"execute":""}', [{"execute": ""}]),
    (b'{"execute":"guest-ping\\u0000x"}', [{"execute": "guest-ping\0x"}]),
    (b'{"execute":"guest-ping","arguments":[]}', [{**PING, "arguments": []}]),
    (b"[]", [[]]),
    (b"[" + REQUEST + b"]", [[PING]]),
    (b"5 ", [5]),
    (b'"x"', ["x"]),
    (b"null ", [None]),
    (b"true ", [True]),
    (b"1 2 3\n", [1, 2, 3]),
    (b"foo\n", [BAD]),
    (b"}", [BAD]),
    (b"{]", [BAD]),
    (b"{1:2}", [BAD]),
    (b'{execute:"guest-ping"}', [BAD]),
    (b'{"execute":"guest-ping",}', [BAD]),
    (b'{"execute" "guest-ping"}', [BAD]),
    (b'{"execute":"guest-ping" "id":1}', [BAD]),
    (b'{"execute":"guest-ping","id":[1 2]}', [BAD]),
    (b'{"execute":"guest-ping","id":1,"id":2}', [with_id(2)]),  # free: the last one wins
    (b'{"execute":}', [BAD]),
    *((WITH_ID + each + b"}", [BAD]) for each in b"01 +1 .5 NaN Infinity True %d 5. 0x10".split()),
    (WITH_ID + b"0e1}", [with_id(0.0)]),  # free: JSON, but not to QEMU
    (WITH_ID + b'"\\ud800"}', [BAD]),
    (WITH_ID + b'"\\u12"}', [BAD]),
    (WITH_ID + b'"\\q"}', [BAD]),
    *(
        (WITH_ID + b'"' + each + b'"}', [BAD])
        for each in (b"\x80", b"\xc3\x28", b"\xc1\x81", b"\xed\xa0\x80", b"\xf5\x80\x80\x80")
    ),
    (WITH_ID + b'"\xef\xbf\xbf"}', [with_id("\uffff")]),  # free: non-characters
    (WITH_ID + b'"\xc0\x80"}', [with_id("\0")]),
    (WITH_ID + b'"a\tb"}', [BAD]),
    (WITH_ID + b'"a\xfeb"}', [BAD]),
    (WITH_ID + b'"a\xffb"}', [BAD, BAD]),
    (b"\0", [BAD]),
    (b'{"execute":"guest\0-ping"}', [BAD]),
    (b"\xff", [BAD]),
    (b"\xff\xff", [BAD, BAD]),
    (b"\xff" + REQUEST, [BAD, PING]),
    (b'{"execute":"guest-\xff' + REQUEST, [BAD, PING]),
    (b'{"execute":"guest-\n' + REQUEST + b"\n", [BAD, PING]),
    (b'"unterminated\nany line\n', [BAD, BAD]),
    (b"// c\n" + REQUEST, [BAD, PING]),
    (b"# c\n" + REQUEST, [BAD, PING]),
    (b"/* c */ " + REQUEST, [BAD, PING]),
    (REQUEST + b" trailing\n", [PING, BAD]),
    (b"\xef\xbb\xbf" + REQUEST, [BAD, PING]),
    (b"GET / HTTP/1.1\n", [BAD]),
    (b'{"a":{"b":[1,2,{"c":%}]}}', [BAD]),
]


def read(pieces: Iterable[bytes], reader: RequestReader | None = None) -> list[JSON]:
    """What a reader makes of octets: values, and BAD for each fault."""
    reader = RequestReader() if reader is None else reader
    return [
        event.value if isinstance(event, Message) else BAD
        for piece in pieces
        for event in reader.receive(piece)
    ]


class TableTests(SynchronousTestCase):
    def test_whole(self) -> None:
        """
        What arrives in one piece is read as QEMU's agent reads it.
        """
        for text, expected in TABLE:
            self.assertEqual(read([text]), expected, text)

    def test_octet_by_octet(self) -> None:
        """
        What trickles in is read as what arrives in one piece.
        """
        for text, expected in TABLE:
            self.assertEqual(read(one_by_one(text)), expected, text)

    @patient
    @given(st.lists(st.sampled_from(TABLE), min_size=1, max_size=4), cuts)
    def test_lines(self, rows: list[tuple[bytes, list[JSON]]], where: list[int]) -> None:
        """
        A line is read as if it were alone, whatever the lines before it, and wherever all is cut.
        """
        text = b"".join(text + b"\n" for text, _ in rows)
        self.assertEqual(
            read(cut(text, where)), [each for _, expected in rows for each in expected]
        )


class PropertyTests(SynchronousTestCase):
    @patient
    @given(st.lists(values, max_size=4), cuts, st.data())
    def test_any_dialect(self, wanted: list[JSON], where: list[int], data: st.DataObject) -> None:
        """
        Valid requests are read in any spelling, however they are cut.
        """
        text = "\n".join(data.draw(spelled(each)) for each in wanted) + "\n"
        self.assertEqual(read(cut(text.encode(), where)), wanted)

    @patient
    @given(garbage, cuts)
    @example(b'{"a":"\\', [7])
    def test_cuts_do_not_matter(self, text: bytes, where: list[int]) -> None:
        """
        Where octets are cut makes no difference, not even to the errors.
        """
        whole, pieces = RequestReader(), RequestReader()
        # what is left unfinished must not matter either
        self.assertEqual(
            whole.receive(text) + whole.receive(b"\xff"),
            [e for piece in cut(text, where) for e in pieces.receive(piece)]
            + pieces.receive(b"\xff"),
        )

    @patient
    @given(garbage, cuts)
    def test_sentinel_recovers(self, noise: bytes, where: list[int]) -> None:
        """
        Whatever came before, a request behind 0xFF is served.
        """
        self.assertEqual(read(cut(noise + b"\xff" + REQUEST, where))[-1], PING)

    @patient
    @given(garbage, cuts)
    @example(b'{"execute":"guest-ping"', [])
    @example(b'{"execute":"guest-', [])
    def test_newline_recovers(self, noise: bytes, where: list[int]) -> None:
        """
        Whatever came before, a request on a line of its own is served, unless a value was due.
        """
        assume(not re.search(rb"[\[:,]\s*\Z", noise))
        self.assertEqual(read(cut(noise + b"\n" + REQUEST, where))[-1], PING)

    @patient
    @given(garbage, cuts)
    @example(b"[1,", [])
    @example(b'{"a":', [])
    def test_second_newline_recovers(self, noise: bytes, where: list[int]) -> None:
        """
        Whatever came before, of two requests on lines of their own the second is served.
        """
        text = noise + b"\n" + REQUEST + b"\n" + REQUEST + b"\n"
        self.assertEqual(read(cut(text, where))[-1], PING)

    @patient
    @given(garbage)
    def test_nothing_bad_is_silent(self, text: bytes) -> None:
        """
        Octets that are no JSON text get at least one error.
        """
        try:
            json.loads(text)
        except ValueError:
            events = read([text + b"\xff"])
            self.assertTrue(BAD in events)


class RecoveryTests(SynchronousTestCase):
    def test_unclosed_line(self) -> None:
        """
        A request that lacks its last bracket costs only itself.
        """
        self.assertEqual(read([b'{"execute":"guest-ping"\n' + REQUEST + b"\n"]), [BAD, PING])

    def test_same_line(self) -> None:
        """
        Behind the brackets of a faulty request, the next one is read on the same line.
        """
        self.assertEqual(read([b'{"a":}' + REQUEST]), [BAD, PING])
        self.assertEqual(read([b'{"a" [{"b":"}}}"}],"c":1}' + REQUEST]), [BAD, PING])

    def test_pretty_printed(self) -> None:
        """
        A faulty request over several lines is one fault, and what it quotes is not run.
        """
        text = b'{\n "a" "}%b",\n "c":\n  [1,\n  2]\n}\n' % REQUEST.replace(b'"', b"'")
        self.assertEqual(read([text + REQUEST]), [BAD, PING])
        self.assertEqual(read(one_by_one(text + REQUEST)), [BAD, PING])

    def test_value_due(self) -> None:
        """
        An object that starts a line where a value is due is that value; 0xFF is the way out.
        """
        self.assertEqual(read([b"[1,\n" + REQUEST + b"\n]"]), [[1, PING]])
        self.assertEqual(read([b"[1,\n" + REQUEST + b"\n" + REQUEST]), [BAD, PING])
        self.assertEqual(read([b"[1,\n\xff" + REQUEST]), [BAD, PING])

    def test_one_error_for_a_line(self) -> None:
        """
        A line of words, as a human or a browser sends it, is one fault.
        """
        self.assertEqual(read([b"what is this 5 'text' for\n" * 3]), [BAD] * 3)

    def test_descriptions(self) -> None:
        """
        An error says what is wrong in QEMU's words, and quotes only the beginning of it.
        """
        for text, desc in [
            (b"}", "expecting value"),
            (b"{1:2}", "expecting key"),
            (b'{"a" 1}', "expecting ':'"),
            (b'{"a":1 2}', "expected ',' or '}'"),
            (b"[1 2]", "expected ',' or ']'"),
            (b"nil ", "invalid keyword 'nil'"),
            (b"01 ", "stray '01'"),
            (b"\xff", "stray '\N{REPLACEMENT CHARACTER}'"),
            (b'"' + b"x" * 100 + b"\n", "stray '\"" + "x" * 39 + "'"),
            (b"nope" * 100 + b"\n", "invalid keyword '" + "nope" * 10 + "'"),
        ]:
            self.assertEqual(
                RequestReader().receive(text), [Malformed("JSON parse error, " + desc)]
            )


class LimitTests(SynchronousTestCase):
    small = Limits(octets=40, depth=3, members=12)

    def check(self, text: bytes, *expected: Message | Malformed) -> None:
        for pieces in ([text], one_by_one(text), cut(text, range(0, 99, 7))):
            reader = RequestReader(self.small)
            self.assertEqual(
                [event for piece in pieces for event in reader.receive(piece)], [*expected], text
            )

    def test_octets(self) -> None:
        """
        A request of one octet less than the limit is served, a longer one is refused.
        """
        fits, long = (b'{"a":"' + b"x" * size + b'"}' for size in (31, 32))
        ping = Message(PING, len(REQUEST))
        self.check(fits + b"\n" + REQUEST, Message({"a": "x" * 31}, 39), ping)
        refused = Malformed("JSON token size limit exceeded")
        self.check(long + b"\n" + REQUEST, refused, ping)
        self.check(long + REQUEST, refused, ping)
        self.check(b" " * 50 + REQUEST, ping)
        self.check(b"[" + b" " * 50 + b"1]\n" + REQUEST, refused, ping)

    def test_depth(self) -> None:
        """
        A request that nests too deep is refused, and crossed to its last bracket.
        """
        ping = Message(PING, len(REQUEST))
        self.check(b'{"a":[[1]]}', Message({"a": [[1]]}, 11))
        refused = Malformed("JSON nesting depth limit exceeded")
        self.check(b'{"a":[[[1]]]}' + REQUEST, refused, ping)
        self.check(b"{'a':[['[[[']]}", Message({"a": [["[[["]]}, 15))

    def test_members(self) -> None:
        """
        A request of more tokens than the limit is refused.
        """
        ping = Message(PING, len(REQUEST))
        self.check(b'{"a":[1,2,3]}', Message({"a": [1, 2, 3]}, 13))
        refused = Malformed("JSON token count limit exceeded")
        self.check(b'{"a":[1,2,3,4]}' + REQUEST, refused, ping)
        self.check(b'{"a":",,,,,,,,::::::"}', Message({"a": ",,,,,,,,::::::"}, 22))

    def test_qemu(self) -> None:
        """
        The limits are those of QEMU's agent unless others are given.
        """
        self.assertEqual(read([b"[" * 1024 + b"]" * 1024 + b"5\n"])[1:], [5])
        self.assertEqual(read([b"[" * 1025 + b"]" * 1025 + b"5\n"]), [BAD, 5])
        self.assertEqual(read([b'{"a":' * 1024 + b"1" + b"}" * 1024 + b"5\n"])[1:], [5])
        self.assertEqual(read([b'{"a":' * 1025 + b"1" + b"}" * 1025 + b"5\n"]), [BAD, 5])

    def flood(self, chunk: bytes, times: int) -> int:
        """Feed octets without end, and a request; return the most memory it took."""
        reader = RequestReader(Limits(octets=1 << 20, depth=1024, members=1 << 16))
        tracemalloc.start()
        try:
            for _ in range(times):
                reader.receive(chunk)
            reader.receive(b"\n")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(read([REQUEST], reader), [PING])
        return peak

    def test_floods(self) -> None:
        """
        Floods of anything take bounded memory, and the next line is served.
        """
        for chunk in (
            b"x" * 65536,
            b"\xff" * 65536,
            b"[" * 65536,
            b"{" * 65536,
            b"9" * 65536,
            b" " * 65536,
            b"\0" * 65536,
            b"\\" * 65536,
            b'"' + b"x" * 65535,
            b'{"a":"' + b"\\" * 65530,
            b"\x80\xfe" * 32768,
        ):
            self.assertTrue(self.flood(chunk, 64) < 12 << 20, chunk[:10])

    def test_hundred_megabytes(self) -> None:
        """
        A hundred megabytes without a newline are one fault.
        """
        reader = RequestReader()
        chunk = b"[" + b"x" * ((1 << 20) - 1)
        faults = sum(len(reader.receive(chunk)) for _ in range(100))
        self.assertEqual(faults, 1)
        self.assertEqual(read([b"\n" + REQUEST], reader), [PING])

    def test_long_string(self) -> None:
        """
        A string of many megabytes is read in whatever pieces it comes.
        """
        content = "QUJD" * (1 << 20)
        text = b'{"buf-b64":"' + content.encode() + b'"}\n'
        for size in (4096, 65536, len(text)):
            pieces = cut(text, range(0, len(text), size))
            self.assertEqual(read(pieces), [{"buf-b64": content}])

    def test_long_integer(self) -> None:
        """
        An integer of five thousand digits is a number like any other that 64 bits do not hold.
        """
        self.assertEqual(read([b"1" * 5000 + b" "]), [float("inf")])
        self.assertEqual(read([b'{"a":-' + b"1" * 5000 + b"}"]), [{"a": -float("inf")}])
