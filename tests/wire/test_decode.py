"""One text to one value."""

import tracemalloc
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import mutated, patient, spelled, values
from txqga.errors import LimitExceeded, MalformedJSON, WireError
from txqga.wire import JSON, Limits, _decode, decode
from txqga.wire._decode import slow

SMALL = Limits(octets=1 << 20, depth=4, members=10)


class DecodeTests(SynchronousTestCase):
    @patient
    @given(values, st.data())
    def test_dialect(self, value: JSON, data: st.DataObject) -> None:
        """
        A text in any spelling of the dialect is its value, blanks around it or not.
        """
        self.assertEqual(decode(data.draw(spelled(value)).encode()), value)

    def test_buffers(self) -> None:
        """
        Octets may come as anything that holds octets.
        """
        for text in (b"{'a': [1]}", b'{"a": [1]}'):
            for kind in (bytes, bytearray, memoryview):
                self.assertEqual(decode(kind(text)), {"a": [1]})

    def test_not_one_text(self) -> None:
        """
        Nothing, half a text, two texts, and 0xFF are refused.
        """
        for text in b"|[|{'a':|'a|1 2|{} {}|{},|\xff{}|{}\xff| ".split(b"|"):
            self.assertRaises(MalformedJSON, decode, text)


class LimitTests(SynchronousTestCase):
    def test_octets(self) -> None:
        """
        A text of the limit's length, or longer, is refused.
        """
        limits = Limits(octets=10, depth=9, members=9)
        self.assertEqual(decode(b'"1234567"', limits), "1234567")
        fault = self.assertRaises(LimitExceeded, decode, b'"12345678"', limits)
        self.assertEqual(str(fault), "JSON token size limit exceeded")

    def test_depth(self) -> None:
        """
        A text that nests too deep is refused; brackets in strings are none.
        """
        limits = Limits(octets=1 << 20, depth=4, members=99)
        for text in (b'[[{"a":[[]]}]]', b'[[{"a":[[[', b"[[{'a':[[]]}]]", b'["\\\\",[[[[1]]]]]'):
            fault = self.assertRaises(LimitExceeded, decode, text, limits)
            self.assertEqual(str(fault), "JSON nesting depth limit exceeded")
        for text in (
            b"[[[[]]]]",
            b'[[[["[[[["]]]]',
            b'[[[["]","[\\"[","]\\\\"]]]]',
            b'[[],[],[],[],{"a":[{"b":0}]}]',
            b"[[[['[[[[']]]]",
        ):
            decode(text, limits)

    def test_members(self) -> None:
        """
        A text with too many members is refused; commas in strings are none.
        """
        for text in (b"[" + b"0," * 10 + b"0]", b"[" + b"[]," * 10 + b"0]", b"['']" + b",,,,,,,,,"):
            self.assertRaises(WireError, decode, text, SMALL)
        fault = self.assertRaises(LimitExceeded, decode, b"[0,0,0,0,0,0,0,0,0,0,0]", SMALL)
        self.assertEqual(str(fault), "JSON token count limit exceeded")
        for text in (
            b"[0,0,0,0,0,0,0,0,0,0]",
            b'["%b"]' % (b",[" * 100),
            b'["\\"%b"]' % (b",[" * 100),
            b"['%b']" % (b",[" * 100),
        ):
            decode(text, SMALL)

    @patient
    @given(st.one_of(values.flatmap(spelled).map(str.encode), mutated()))
    def test_both_ways_agree(self, text: bytes) -> None:
        """
        A limit is met or not by the text alone, whichever way it is decoded.
        """

        def outcome(limits: Limits) -> JSON:
            try:
                return decode(text, limits)
            except WireError as fault:
                return type(fault)

        def slowly(limits: Limits) -> JSON:
            try:
                return slow(text, limits.depth, limits.members)
            except WireError as fault:
                return type(fault)

        for depth, members, head in product(range(4), range(0, 12, 3), (3, 10, 1 << 19)):
            self.patch(_decode, "_HEAD", head)
            limits = Limits(octets=1 << 20, depth=depth, members=members)
            if slowly(limits) is MalformedJSON:
                self.assertIn(outcome(limits), (MalformedJSON, LimitExceeded))
            else:
                self.assertEqual(outcome(limits), slowly(limits), (text, limits))

    def test_early(self) -> None:
        """
        Of a long text that is meant to be costly only the beginning is taken apart.
        """
        looked: list[int] = []
        excess = _decode._excess

        def note(octets: bytes, depth: int, members: int) -> str:
            looked.append(len(octets))
            return excess(octets, depth, members)

        self.patch(_decode, "_excess", note)
        for text in (
            b"[" * 4_000_000,
            b'{"a":' * 800_000,
            b"[" + b"1," * 2_000_000,
            b'"",' * 10**6,
        ):
            self.assertRaises(
                LimitExceeded, decode, text, Limits(octets=1 << 30, depth=64, members=99_999)
            )
        self.assertEqual(looked, [_decode._HEAD] * 4)

    def test_hostile(self) -> None:
        """
        What a text could inflate is counted before memory is spent on it.
        """
        limits = Limits(octets=1 << 30, depth=64, members=9999)
        for text in (
            b"[" + b"[]," * 1_000_000 + b"0]",
            b'["\\"",' + b"[]," * 1_000_000 + b"0]",
            b'["[",' + b"[]," * 1_000_000 + b"0]",
            b"['[']," + b"[]," * 1_000_000,
            b"[" * 1_000_000,
            b'{"a":' * 500_000,
        ):
            tracemalloc.start()
            try:
                self.assertRaises(WireError, decode, text, limits)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            self.assertTrue(peak < 16 << 20, (text[:10], peak))
