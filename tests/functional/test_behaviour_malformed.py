"""
What does not parse. Facts 2.4, 2.5 and 2.7.

Agents differ here, in words and in the number of errors, and no client can care: there is at
least one error without id, and the next request is served.
"""

from tests.functional._behaviour import Behaviour
from tests.functional._rows import MALFORMED, Malformed, Row, error, ok

PING = b'{"execute": "guest-ping"}'
DEEP = "JSON nesting depth limit exceeded"


class Broken(Behaviour):
    through_a_mux = True

    def test_syntax(self) -> None:
        """
        Text that is no JSON is answered with an error, and the next request with its reply.
        """
        self.check(
            *(
                Row(text, MALFORMED)
                for text in (
                    *(b"foo", b"nul", b"nulll", b"True", b"NaN", b"Infinity", b"undefined"),
                    *(b"}", b"]", b",", b":", b"{]", b"[}", b"{,}", b"[,]", b"{:}"),
                    *(b"{1:2}", b"{null:1}", b'{execute:"guest-ping"}', b"{{}}", b"{[]:1}"),
                    *(b'{"execute":}', b'{"execute":"guest-ping",}', b'{"execute"}', b'{"a":1,}'),
                    *(b'{"execute" "guest-ping"}', b'{"execute":"guest-ping" "id":1}', b'{"a",1}'),
                    *(b"[1 2]", b"[1,]", b"[1,,2]", b'{"a":1,,"b":2}', b'{"id":[1 2]}', b'["a":1]'),
                    *(b"+1", b".5", b"5.", b"-", b"- 1", b"01", b"-01", b"1e", b"1e+", b"0x10"),
                    *(b"1.e5", b"--1", b"1..2", b"%d", b"12abc", b"0e1"),
                    *(b"// c", b"# c", b"/* c */", b"`x`", b"\\", b"$", b"@", b"&&", b";"),
                    *(b"\x00", b"\x01", b"\x7f", b"\x80", b"\xc3", b"\xfe", b"\xc2\xa0"),
                    b"GET / HTTP/1.1",
                    b'{"a":{"b":[1,2,{"c":%}]}}',
                    b"<xml/>",
                )
            )
        )

    def test_strings(self) -> None:
        """
        A string holds valid UTF-8 and valid escapes, and no control characters.
        """
        self.check(
            *(
                Row(b'{"execute": "guest-ping", "id": "' + text + b'"}', MALFORMED)
                for text in (
                    *(rb"\q", rb"\x41", rb"\U0041", rb"\0", rb"\ ", rb"\a", rb"\u"),
                    *(rb"\u12", rb"\u123", rb"\u123g", rb"\u 123", rb"\u+123", rb"\u0x12"),
                    *(rb"\ud800", rb"\udc00", rb"\ud800\ud800", rb"\ud800x", rb"\udfff\ud800"),
                    *(rb"\ud83d\u0041", rb"\uD83D\n"),
                    *(b"\x80", b"\xc3", b"\xc3(", b"\xc1\x81", b"\xe0\x80\x80", b"\xed\xa0\x80"),
                    *(b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8"),
                    *(b"\xc0\x81", b"\xe2\x82", b"\xed\xa0\x80\xed\xb0\x80"),
                    *(b"a\tb", b"a\x00b", b"a\x1fb", b"a\x01", b"a\xfeb", b"a\xffb", b"a\nb"),
                    *(b"a\\\tb", b"a\\\nb"),
                )
            )
        )

    def test_keys(self) -> None:
        """
        Keys are strings under the same rules.
        """
        self.check(
            Row(rb'{"\q": 1}', MALFORMED),
            Row(b'{"\x80": 1}', MALFORMED),
            Row(rb'{"execute": "guest-ping", "\ud800": 1}', MALFORMED),
        )

    def test_around(self) -> None:
        """
        Rubbish around a request costs an error, never the request.
        """
        for before, after in ((b"foo ", b""), (b"\xef\xbb\xbf", b""), (b"", b" trailing")):
            lines = self.peer.raw(before + PING + after)
            self.assertIn(b'{"return": {}}', lines)
            self.assertGreaterEqual(len(lines), 2, (before, after))
        for text in (b"#\n", b"%%%\n", b"]\n", b"'\n", b'"\n', b"\x00\n", b'"a\tb"\n'):
            lines = self.peer.raw(text + PING)
            self.assertEqual(lines[-1], b'{"return": {}}')
            self.assertGreaterEqual(len(lines), 2, text)

    def test_unterminated_string(self) -> None:
        """
        A newline ends a string that was not closed; the request in the next line is served.
        """
        for text in (b'"unterminated\n', b'{"execute":"guest-\n', b"'\n", b'{"a": "b\\\n'):
            lines = self.peer.raw(text + PING)
            self.assertEqual(lines[-1], b'{"return": {}}')
            self.assertEqual(len(lines), 2, text)

    def test_never_half(self) -> None:
        """
        Nothing of a text that does not parse is run, however whole it looks.
        """
        for text in (
            b'{"execute": "guest-file-open", "arguments": {"path": "%s", "mode": "w"}, "id": 01}',
            b'{"execute": "guest-file-open", "arguments": {"path": "%s", "mode": "w"},}',
            b'{"execute": "guest-file-open", "arguments": {"path": "%s", "mode": "w"} "id": 1}',
            b'[{"execute": "guest-file-open", "arguments": {"path": "%s", "mode": "w"}}]',
            b'{"x": {"execute": "guest-file-open", "arguments": {"path": "%s", "mode": "w"}}}',
        ):
            path = self.folder / "made"
            lines = self.peer.raw(text % str(path).encode())
            self.assertTrue(all(b"GenericError" in line for line in lines), lines)
            self.assertFalse(path.exists(), text)


def nested(depth: int) -> bytes:
    """A ping whose id makes it that deep, its own braces counted."""
    return b'{"execute": "guest-ping", "id": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


class Limits(Behaviour):
    def test_depth(self) -> None:
        """
        Text may be 1024 deep and no deeper.
        """
        for depth in (2, 900, 1024):
            [line] = self.peer.raw(nested(depth))
            self.assertEqual(line.count(b"["), depth - 1)
        self.check(
            Row(nested(1025), Malformed(DEEP)),
            Row(b"[" * 1025 + b"]" * 1025, Malformed(DEEP)),
            Row(b'{"a":' * 1025 + b"1" + b"}" * 1025, Malformed(DEEP)),
            Row(b'[{"a":' * 600 + b"1" + b"}]" * 600, Malformed(DEEP)),
            Row(b"[" * 1025 + b"\xff", Malformed(DEEP)),
            Row(b"[" * 5000 + b"]" * 5000, Malformed(DEEP)),
        )

    def test_siblings(self) -> None:
        """
        What was closed does not count.
        """
        self.check(
            Row(
                b'{"execute": "guest-ping", "id": [' + b"[]," * 3000 + b"{}]}",
                ok({}, id=[[]] * 3000 + [{}]),
            ),
            Row(b"[]" * 50, (error("QMP input must be a JSON object"),) * 50),
        )


globals().update(Broken.for_every_agent())
globals().update(Limits.for_every_agent())
