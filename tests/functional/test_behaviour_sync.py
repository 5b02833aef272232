"""Resynchronising: guest-sync, guest-sync-delimited and the octet 0xFF. Facts 2.3 and 2.7."""

from tests.functional._behaviour import Behaviour
from tests.functional._rows import MALFORMED, Reply, Row, call, error, ok

BAD_ID = error("Invalid parameter type for 'id', expected: integer")


def delimited(text: bytes) -> bytes:
    """A guest-sync-delimited with this text as its argument."""
    return b'{"execute": "guest-sync-delimited", "arguments": {"id": ' + text + b"}}"


def sync(text: bytes) -> bytes:
    """A guest-sync with this text as its argument."""
    return b'{"execute": "guest-sync", "arguments": {"id": ' + text + b"}}"


class Sync(Behaviour):
    through_a_mux = True

    def test_sync(self) -> None:
        """
        A sync returns its id: any integer of 64 bits with a sign.
        """
        for number in (0, 1, -1, 123, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)):
            text = b"%d" % number
            self.check(
                Row(sync(text), ok(number)),
                Row(delimited(text), ok(number, delimited=True)),
            )
        self.check(
            Row(sync(b"-0"), ok(0)),
            Row(
                b'{"execute": "guest-sync-delimited", "arguments": {"id": 5}, "id": "x"}',
                ok(5, id="x", delimited=True),
            ),
        )

    def test_wrong_id(self) -> None:
        """
        A sync whose id is something else is refused, and its reply is not delimited.
        """
        for text in (
            *(b"9223372036854775808", b"-9223372036854775809", b"18446744073709551616"),
            *(b'"5"', b"null", b"true", b"1.0", b"1e3", b"0.5", b"[1]", b"{}"),
        ):
            self.check(Row(sync(text), BAD_ID), Row(delimited(text), BAD_ID))
        missing = error("Parameter 'id' is missing")
        for command in ("guest-sync", "guest-sync-delimited"):
            self.check(
                call(command, {}, missing),
                call(command, {"ID": 1}, missing),
                call(command, {"id": 1, "x": 2}, error("Parameter 'x' is unexpected")),
                Row(b'{"execute": "%s"}' % command.encode(), missing),
            )

    def test_only_its_own_reply(self) -> None:
        """
        A failed delimited sync does not mark the reply after it.
        """
        self.check(
            Row(delimited(b"null") + sync(b"5"), (BAD_ID, ok(5))),
            Row(delimited(b"1") + sync(b"2"), (ok(1, delimited=True), ok(2))),
        )

    def test_flush(self) -> None:
        """
        0xFF throws away unfinished text, and is itself answered with one error.
        """
        lost = error("?")  # words are the agent's own
        rows: list[tuple[bytes, Reply | tuple[Reply, ...]]] = [
            (b"\xff", lost),
            (b"\xff\xff", (lost, lost)),
            (b"\xff" * 20, (lost,) * 20),
            (b'{"execute": "guest-\xff', lost),
            (b'{"execute": \xff', lost),
            (b'[[[{"a": [\xff', lost),
            (b"\xff" + delimited(b"123"), (lost, ok(123, delimited=True))),
            (b'{"execute": "guest-ping"\xff' + delimited(b"1"), (lost, ok(1, delimited=True))),
            (b"\xff" + sync(b"4") + b"\xff" + sync(b"5"), (lost, ok(4), lost, ok(5))),
        ]
        for sent, expected in rows:
            wanted = expected if isinstance(expected, tuple) else (expected,)
            lines = self.peer.raw(sent)
            self.assertEqual(
                [b'"error"' in line for line in lines],
                ["error" in reply.members for reply in wanted],
                (sent, lines),
            )
            self.assertEqual(
                [line.startswith(b"\xff") for line in lines], [r.delimited for r in wanted], lines
            )

    def test_flush_says_malformed(self) -> None:
        """
        The error that answers 0xFF is a GenericError without id.
        """
        self.check(
            Row(b"\xff", MALFORMED),
            Row(b"\xfe", MALFORMED),
            Row(b'{"execute": "guest-ping", "id": 7\xff', MALFORMED),
        )

    def test_after_the_last_conversation(self) -> None:
        """
        A client that resynchronises finds its reply behind the 0xFF, whatever was left before.
        """
        for left in (
            *(b"", b"{", b'{"execute": "guest-pi', b'{"execute": "guest-ping", "id": 1', b"[[["),
            *(b'"', b"'", b"\\", b"12", b"nul", b"]", b"}", b'{"a": "\xc3', b"\xff\xff{"),
        ):
            client = self.agent.connect()
            client.send(left)
            client.close()
            with self.agent.connect() as again:
                again.send(b"\xff" + delimited(b"77") + b"\n")
                while not (line := again.line()).startswith(b"\xff"):
                    self.assertIn(b"GenericError", line)
                self.assertEqual(line, b'\xff{"return": 77}')


globals().update(Sync.for_every_agent())
