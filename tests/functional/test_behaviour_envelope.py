"""What surrounds a command: requests, ids, replies. Facts 2.1, 2.2, 2.6 and 2.7."""

import json

from tests.functional._behaviour import Behaviour
from tests.functional._rows import Row, error, not_found, ok

PING = b'{"execute": "guest-ping"}'


def ping(id: bytes) -> bytes:
    """A ping with this text as its id."""
    return b'{"execute": "guest-ping", "id": ' + id + b"}"


class Envelope(Behaviour):
    through_a_mux = True

    options = ("-b", "guest-get-time")

    def test_no_newline(self) -> None:
        """
        A request is answered the moment its object closes, without a newline.
        """
        for _ in range(3):
            self.assertEqual(self.peer.ask(PING), {"return": {}})

    def test_cut_anywhere(self) -> None:
        """
        A request may come in pieces of any size, one octet at a time at worst.
        """
        text = ' {"execute": \'guest-ping\', "id": ["\\u00e9é", -12.5e1, {"a": null}]}\n'.encode()
        for octet in text:
            self.peer.send(bytes([octet]))
        wanted = {"return": {}, "id": ["éé", -125, {"a": None}]}
        self.assertEqual(json.loads(self.peer.line()), wanted)
        for size in range(2, 12):
            for start in range(0, len(text), size):
                self.peer.send(text[start : start + size])
            self.assertEqual(json.loads(self.peer.line()), wanted)

    def test_glued(self) -> None:
        """
        One write may hold many requests: each has one reply, in order.
        """
        self.check(
            Row(PING + PING, (ok({}), ok({}))),
            Row(b"\n \t\r\n" + PING + b"\r\n" + PING + b" \n", (ok({}), ok({}))),
            Row(
                b"".join(ping(b"%d" % number) for number in range(500)),
                tuple(ok({}, id=number) for number in range(500)),
            ),
            Row(b"", ()),
            Row(b" \r\n\t", ()),
        )

    def test_ids(self) -> None:
        """
        Whatever JSON value the id is, the reply carries it.
        """
        self.check(
            Row(PING, ok({})),
            *(
                Row(ping(text), ok({}, id=json.loads(text)))
                for text in (
                    *(b"null", b"true", b"false", b"0", b"1", b"-1", b"-0"),
                    *(b"0.5", b"-2.5e-3", b"1e2", b"1E+2", b"0.1", b"1.0", b"-0.0"),
                    *(b"9223372036854775807", b"-9223372036854775808", b"9223372036854775808"),
                    *(b"18446744073709551615", b"1e308", b"5e-324"),
                    *(b'""', b'"x"', b'"1"', b'"a b"', rb'"\"\\\/\b\f\n\r\t"', b'"/"'),
                    *(rb'"\u0000"', rb'"\u0001\u001f\u007f"', rb'"\u00e9\uD83D\uDE00"'),
                    *('"é😀"'.encode(), '"\u2028\u0085\U0010fffd"'.encode(), b'"\x7f"'),
                    *(b"[]", b"{}", b"[null, [1, [2.5]]]", b'{"a": {"b": [1, 2.5]}, "": 0}'),
                    b'{"id": 1, "execute": "guest-sync", "error": {}, "return": []}',
                )
            ),
        )

    def test_big_ids(self) -> None:
        """
        An integer of more than 64 bits becomes the nearest double.
        """
        self.check(
            *(
                Row(ping(text), ok({}, id=float(text)))
                for text in (
                    b"18446744073709551616",
                    b"-9223372036854775809",
                    b"123456789012345678901234567890",
                    b"-123456789012345678901234567890",
                    b"1" + b"0" * 300,
                )
            ),
        )

    def test_id_in_errors(self) -> None:
        """
        An error carries the id too, whenever the request was an object.
        """
        self.check(
            Row(
                b'{"execute": "no-such", "id": 9}',
                not_found("The command no-such has not been found", id=9),
            ),
            Row(
                b'{"exec-oob": "guest-ping", "id": 5}',
                error("QMP input member 'exec-oob' is unexpected", id=5),
            ),
            Row(
                b'{"id": {"a": null}, "execute": "guest-ping", "arguments": {"foo": 42}}',
                error("Parameter 'foo' is unexpected", id={"a": None}),
            ),
            Row(b'{"id": null}', error("QMP input lacks member 'execute'", id=None)),
            Row(b'{"execute": 5, "id": []}', error(MUST_BE_STRING, id=[])),
            Row(
                b'{"execute": "guest-get-time", "id": "x"}',
                not_found(
                    "Command guest-get-time has been disabled: the command is not allowed", id="x"
                ),
                v7_2=not_found("Command guest-get-time has been disabled", id="x"),
            ),
        )

    def test_octets(self) -> None:
        """
        Replies look like QEMU's to the octet: order of members, blanks, escapes, one line.
        """
        for sent, line in (
            (PING, b'{"return": {}}'),
            (ping(b"1"), b'{"return": {}, "id": 1}'),
            (ping(rb'"\t/\u0001"'), rb'{"return": {}, "id": "\t/\u0001"}'),
            (ping(b'[1,2,{"a":null}]'), b'{"return": {}, "id": [1, 2, {"a": null}]}'),
            (
                b'{"execute": "no-such", "id": 9}',
                b'{"id": 9, "error": {"class": "CommandNotFound", "desc": '
                b'"The command no-such has not been found"}}',
            ),
            (
                b"{}",
                b'{"error": {"class": "GenericError", "desc": '
                b"\"QMP input lacks member 'execute'\"}}",
            ),
        ):
            self.assertEqual(self.peer.raw(sent), [line])


MUST_BE_STRING = "QMP input member 'execute' must be a string"
MUST_BE_OBJECT = "QMP input member 'arguments' must be an object"
NO_OBJECT = error("QMP input must be a JSON object")


class Requests(Behaviour):
    through_a_mux = True

    def test_dialect(self) -> None:
        """
        QEMU's JSON has single quotes too; the other kind of quote needs no escape.
        """
        self.check(
            Row(b"{'execute':'guest-ping'}", ok({})),
            Row(b"{'execute':\"guest-ping\",'id':'a\"b'}", ok({}, id='a"b')),
            Row(ping(b"'\\''"), ok({}, id="'")),
            Row(ping(b'"\'"'), ok({}, id="'")),
            Row(ping(b'"\\\'"'), ok({}, id="'")),
            Row(ping(b"'\xc3\xa9\\u00e9'"), ok({}, id="éé")),
            Row(rb'{"\u0065xecute": "guest\u002dping"}', ok({})),
            Row(b'\t{\r\n"execute"\n:\n"guest-ping"\t}', ok({})),
        )

    def test_not_an_object(self) -> None:
        """
        Whole JSON texts that are no object are refused, one error each.
        """
        self.check(
            *(
                Row(text, NO_OBJECT)
                for text in (
                    *(b"[]", b'[{"execute": "guest-ping"}]', b'"x"', b"'x'", b'""'),
                    *(b"5", b"-1.5e3", b"0", b"null", b"true", b"false"),
                )
            ),
            Row(b"1 2 3\n", (NO_OBJECT, NO_OBJECT, NO_OBJECT)),
            Row(b"[][]", (NO_OBJECT, NO_OBJECT)),
            Row(b"null5", (NO_OBJECT, NO_OBJECT)),
            Row(b'"x"' + PING + b"[]", (NO_OBJECT, ok({}), NO_OBJECT)),
            Row(b"7" + PING, (NO_OBJECT, ok({}))),
        )

    def test_members(self) -> None:
        """
        A request has execute, arguments and id, of the right types, and nothing else.
        """
        self.check(
            Row(b"{}", error("QMP input lacks member 'execute'")),
            Row(b'{"id": 1}', error("QMP input lacks member 'execute'", id=1)),
            Row(b'{"arguments": {}}', error("QMP input lacks member 'execute'")),
            *(
                Row(b'{"execute": %s}' % value, error(MUST_BE_STRING))
                for value in (b"5", b"null", b"true", b"[]", b"{}", b"1.5")
            ),
            *(
                Row(b'{"execute": "guest-ping", "arguments": %s}' % value, error(MUST_BE_OBJECT))
                for value in (b"[]", b"null", b'"x"', b"0", b"false")
            ),
            Row(b'{"execute": "guest-ping", "arguments": {}}', ok({})),
            Row(b'{"exec-oob": "guest-ping"}', error("QMP input member 'exec-oob' is unexpected")),
            Row(
                b'{"execute": "guest-ping", "control": {}}',
                error("QMP input member 'control' is unexpected"),
            ),
            Row(b'{"execute": "guest-ping", "": 1}', error("QMP input member '' is unexpected")),
            Row(
                '{"execute": "guest-ping", "é": 1}'.encode(),
                error("QMP input member 'é' is unexpected"),
            ),
            Row(b'{"Execute": "guest-ping"}', error("QMP input member 'Execute' is unexpected")),
        )

    def test_unknown(self) -> None:
        """
        A command that does not exist is refused by its name, before its arguments are looked at.
        """
        self.check(
            Row(b'{"execute": ""}', not_found("The command  has not been found")),
            Row(b'{"execute": "no-such"}', not_found("The command no-such has not been found")),
            Row(
                b'{"execute": "guest-Ping", "arguments": {"x": 1}}',
                not_found("The command guest-Ping has not been found"),
            ),
            Row(
                rb'{"execute": "guest-ping\u0000x"}',
                not_found("The command guest-ping\0x has not been found"),
            ),
            Row('{"execute": "é😀"}'.encode(), not_found("The command é😀 has not been found")),
            Row(b'{"execute": "a b"}', not_found("The command a b has not been found")),
            Row(
                b'{"execute": "query-status"}',
                not_found("The command query-status has not been found"),
            ),
            Row(
                b'{"execute": "qmp_capabilities"}',
                not_found("The command qmp_capabilities has not been found"),
            ),
        )

    def test_many_faults(self) -> None:
        """
        Of several faults in one request one is reported: which one is not promised.
        """
        reply = self.peer.ask(b'{"zz": 1, "aa": 2, "execute": "guest-ping"}')
        self.assertIn(
            reply["error"]["desc"],
            ["QMP input member 'aa' is unexpected", "QMP input member 'zz' is unexpected"],
        )


globals().update(Envelope.for_every_agent())
globals().update(Requests.for_every_agent())
