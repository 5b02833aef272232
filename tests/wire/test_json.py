"""The fast path, with orjson and without: never wider than the dialect, never different."""

import json
import sys
from importlib.util import find_spec, module_from_spec

from hypothesis import given
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.wire._strategies import mutated, patient, texts, values
from txqga.errors import WireError
from txqga.wire import JSON, encode
from txqga.wire._decode import slow
from txqga.wire._json import fast, with_stdlib


def same(one: JSON, other: JSON) -> bool:
    """Whether two values are equal, types and the sign of zero included."""
    return encode(one) == encode(other)


class Refused:
    """Stands for a text that was not decoded."""


class FastPathTests(SynchronousTestCase):
    def compare(self, text: bytes) -> None:
        try:
            wanted = slow(text, 1024, 1 << 20)
        except WireError:
            wanted = Refused
        for way in (fast, with_stdlib):
            try:
                value = way(text)
            except ValueError:
                continue  # it may refuse
            self.assertIsNot(wanted, Refused, (way, text))
            self.assertTrue(same(value, wanted), (way, text, value, wanted))

    @patient
    @given(texts)
    def test_texts(self, text: bytes) -> None:
        """
        What a fast decoder takes of the dialect, it takes for the same value.
        """
        self.compare(text)

    @patient
    @given(values)
    def test_plain(self, value: JSON) -> None:
        """
        Plain JSON takes the fast path.
        """
        text = json.dumps(value, ensure_ascii=False).encode()
        self.assertTrue(same(fast(text), value))
        self.assertTrue(same(slow(text, 1024, 1 << 20), value))

    @patient
    @given(mutated())
    def test_mutated(self, text: bytes) -> None:
        """
        What a fast decoder takes, the dialect takes too.
        """
        self.compare(text)

    def test_edges(self) -> None:
        """
        Where decoders are known to differ, they are all as narrow as the dialect.
        """
        for text in (
            b"NaN Infinity -Infinity 1e400 -1e400 0e1 -0 -0.0 -0e0 01 1. .5 +1 1e 2E+2 1e-400 "
            b"9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 "
            b"18446744073709551615 18446744073709551616 99999999999999999999 0.1 1.7976931348e308 "
            b'"\\ud800" "\\udc00\\ud800" "\\ud83d\\ude00" "\\uD83D\\uDE00" "\\u0000" "\\uffff" '
            b'"\xed\xa0\x80" "\xc0\x80" "\xef\xbf\xbf" "\xff" "\x7f" "\x1f" "\\v" "\\\'" '
            b'"\\ufdd0" \'\' {} [] {"a":1,"a":2} {"a":1,} [1,] [,] \xef\xbb\xbf1 '
            b'\x0c1 "\\ud83d\\\\ude00"'
        ).split():
            self.compare(text)
        for text in (b"", b" ", b"\t1\r\n", b"1 2", b"1\0", b"9" * 5000, b"-" + b"9" * 5000):
            self.compare(text)

    def test_without_orjson(self) -> None:
        """
        Where there is no orjson, the standard library decodes.
        """
        found = sys.modules.get("orjson")
        if found is None:
            raise SkipTest("all other tests are without orjson")
        self.addCleanup(sys.modules.__setitem__, "orjson", found)
        sys.modules["orjson"] = None  # type: ignore[assignment]
        spec = find_spec("txqga.wire._json")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        self.assertIs(module.fast, module.with_stdlib)

    def test_deep(self) -> None:
        """
        A text that nests too deep for the decoder's stack is refused, not a crash.
        """
        self.assertRaises(ValueError, fast, b"[" * 100_000 + b"]" * 100_000)
        text = b'{"a":' * 1000 + b"1" + b"}" * 1000
        self.compare(text)
