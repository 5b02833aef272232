"""Values to octets, in QEMU's form."""

import json
import sys

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.wire._strategies import patient, values
from txqga.wire import JSON, decode, encode
from txqga.wire._encode import pieces

LARGEST = repr(sys.float_info.max).encode()


class EncodeTests(SynchronousTestCase):
    def test_form(self) -> None:
        """
        Texts look as QEMU writes them: spaces behind comma and colon, and ASCII throughout.
        """
        self.assertEqual(
            encode({"return": [1, -2.5, 'é😀\n"/\\', None, True], "id": {}}),
            rb'{"return": [1, -2.5, "\u00e9\ud83d\ude00\n\"/\\", null, true], "id": {}}',
        )

    @patient
    @given(values)
    def test_round_trip(self, value: JSON) -> None:
        """
        What is encoded can be decoded, and is one line of ASCII.
        """
        octets = encode(value)
        self.assertEqual(decode(octets), value)
        self.assertTrue(octets.isascii())
        self.assertNotIn(b"\n", octets)

    @given(st.text(st.characters(exclude_categories=())))
    def test_any_string(self, text: str) -> None:
        """
        Each lone surrogate is sent as U+FFFD, in a value as in a name; all else as it is.
        """
        wanted = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        for value in ({text: 1}, [text], text, {"a": {"b": text + "x" * 9999}}):
            sent = encode(value)
            json.dumps(json.loads(sent), ensure_ascii=False).encode()  # fails at a surrogate
        self.assertEqual(json.loads(encode([text])), [wanted])

    def test_file_names(self) -> None:
        """
        A file name that is not UTF-8 is sent with U+FFFD for each octet that is wrong.
        """
        name = b"a\xff\\ud800\x80.txt".decode("utf-8", "surrogateescape")
        self.assertEqual(json.loads(encode(name)), "a\ufffd\\ud800\ufffd.txt")

    def test_huge_floats(self) -> None:
        """
        Numbers that JSON has no form for are sent as the nearest that it has, or as null.
        """
        infinity = float("inf")
        self.assertEqual(encode(infinity), LARGEST)
        self.assertEqual(encode([{"a": -infinity}, 1]), b'[{"a": -' + LARGEST + b"}, 1]")
        self.assertEqual(
            encode({"id": float("nan"), "b": "\udc80"}), rb'{"id": null, "b": "\ufffd"}'
        )

    def test_deep(self) -> None:
        """
        What was read can be sent, however deep it nests.
        """
        text = b'[{"a": ' * 1000 + b"1" + b"}]" * 1000
        value = json.loads("1")
        for _ in range(1000):
            value = [{"a": value}]
        self.assertEqual(encode(value), text)

    def test_endless(self) -> None:
        """
        A value that holds itself is an error, not the end of all memory.
        """
        value: list[JSON] = []
        value.append(value)
        self.assertRaises(ValueError, encode, value)

    def test_no_json(self) -> None:
        """
        What is no JSON value is an error.
        """
        for value in (b"octets", {"a": {1}}, {"a": {"b": "x" * 9999, "c": object()}}):
            self.assertRaises(TypeError, encode, value)

    def test_tuple(self) -> None:
        """
        A tuple is an array, on any path.
        """
        self.assertEqual(encode((1, ())), b"[1, []]")
        self.assertEqual(encode((1, (), float("nan"))), b"[1, [], null]")


class LongStringTests(SynchronousTestCase):
    def test_same_form(self) -> None:
        """
        Long strings are copied where they need no escapes, and look the same in any case.
        """
        for text in (
            "QUJD" * 9999,
            "x" * 9999 + '"',
            "é" * 9999,
            "x" * 9999 + "\x7f\n",
            "\\" * 9999,
        ):
            for value in (
                {
                    "return": {"count": 1, "buf-b64": text, "eof": False, "list": [text, {}]},
                    "id": 1,
                },
                {"execute": "x", "arguments": {"a": {"b": [1.5, None, text]}, text: text}},
                text,
            ):
                self.assertEqual(encode(value), json.dumps(value).encode())

    def test_pieces(self) -> None:
        """
        The pieces of a text are that text.
        """
        for value in ({"a": 1}, {"a": {"b": "x" * 9999}}, {"a": "x" * 9999}, "x", {}, float("inf")):
            self.assertEqual(b"".join(pieces(value)), encode(value))
