"""What one client says, and what it is answered."""

import json
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mux._guest_case import GuestCase
from txqga.errors import CommandFailed, CommandNotFound
from txqga.mux._conversation import ANSWERS, PIECE, UNREAD, Conversation, Line
from txqga.session import State
from txqga.wire import JSON


def request(command: str, id: JSON = None, **arguments: JSON) -> bytes:
    message: dict[str, JSON] = {"execute": command, "arguments": arguments}
    if id is not None:
        message["id"] = id
    return json.dumps(message).encode() + b"\n"


class ConversationTests(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.written: list[bytes] = []
        self.closed = 0
        self.pauses: list[bool] = []
        self.talk = self.converse()

    def converse(self) -> Conversation:
        line = Line(write=self.written.append, close=self.close, pause=self.pauses.append)
        return Conversation(self.clock, self.guest, self.ann, line)

    def close(self) -> None:
        self.closed += 1

    def said(self) -> bytes:
        """What the client has been told since the last time."""
        said = b"".join(self.written)
        self.written.clear()
        return said

    def test_nothing(self) -> None:
        """
        Nobody is told anything unasked.
        """
        self.session.tell(State.ABSENT)
        self.session.ready()
        self.tick()
        self.assertEqual(self.said(), b"")

    def test_command(self) -> None:
        """
        A command is answered with what the agent said, and the client's own id.
        """
        self.talk.receive(request("guest-get-time", id={"a": [1]}))
        self.assertEqual(self.said(), b"")
        self.answer(5)
        self.assertEqual(self.said(), b'{"return": 5, "id": {"a": [1]}}\n')

    def test_refusal(self) -> None:
        """
        The agent's refusal passes as it is.
        """
        for error, words in (
            (CommandFailed("no"), b'{"class": "GenericError", "desc": "no"}'),
            (CommandNotFound("what?"), b'{"class": "CommandNotFound", "desc": "what?"}'),
        ):
            self.talk.receive(request("guest-exec", id=7))
            self.session.refuse(error)
            self.tick()
            self.assertEqual(self.said(), b'{"id": 7, "error": %b}\n' % words)

    def test_sync(self) -> None:
        """
        A sync is answered by the mux; the delimited one with the sentinel.
        """
        self.talk.receive(request("guest-sync", id="x"))
        self.assertIn(b"Parameter 'id' is missing", self.said())
        sync = b'{"execute": "guest-sync", "arguments": {"id": -9}, "id": 8}'
        self.talk.receive(sync)
        self.assertEqual(self.said(), b'{"return": -9, "id": 8}\n')
        self.talk.receive(sync.replace(b"guest-sync", b"guest-sync-delimited"))
        self.assertEqual(self.said(), b'\xff{"return": -9, "id": 8}\n')
        self.assertEqual(self.session.asked, [])

    def test_bad_sync(self) -> None:
        """
        A sync with a bad number is refused as the agent would, and has no sentinel.
        """
        self.talk.receive(b'{"execute":"guest-sync-delimited","arguments":{"id":1.0}}')
        desc = b"Invalid parameter type for 'id', expected: integer"
        self.assertEqual(
            self.said(), b'{"error": {"class": "GenericError", "desc": "%b"}}\n' % desc
        )

    def test_sync_and_command(self) -> None:
        """
        A sync and a command in one write are answered by the one and the other, and no more.
        """
        sync = b'{"execute":"guest-sync-delimited","arguments":{"id":5}}\n'
        self.talk.receive(sync + request("guest-get-time"))
        self.answer(6)
        self.assertEqual(self.said(), b'\xff{"return": 5}\n{"return": 6}\n')

    def test_in_order(self) -> None:
        """
        A client's commands run one after the other, and are answered in that order.
        """
        self.talk.receive(request("guest-exec", id=1) + request("guest-ping", id=2))
        self.assertEqual(self.session.asked, ["guest-exec"])
        self.answer({"pid": 7})
        self.assertEqual(self.said(), b'{"return": {"pid": 7}, "id": 1}\n')
        self.answer()
        self.assertEqual(self.said(), b'{"return": {}, "id": 2}\n')

    def test_held_sync(self) -> None:
        """
        A sync is held while the agent is connected to, with all that is behind it.
        """
        self.session.tell(State.CONNECTING)
        self.talk.receive(
            b'{"execute":"guest-sync","arguments":{"id":5}}' + request("guest-ping", id=1)
        )
        self.tick()
        self.assertEqual((self.said(), self.session.asked), (b"", []))
        self.session.ready()
        self.tick()
        self.answer()
        self.assertEqual(self.said(), b'{"return": 5}\n{"return": {}, "id": 1}\n')

    def test_away(self) -> None:
        """
        When the agent is away, syncs and commands are told why at once; the sentinel keeps a
        client that looks for it from looking for ever.
        """
        self.session.tell(State.ABSENT, "no such file")
        away = b'"error": {"class": "GenericError", "desc": "the agent is absent: no such file"}}\n'
        self.talk.receive(b'{"execute":"guest-sync","arguments":{"id":5}}')
        self.assertEqual(self.said(), b"{" + away)
        self.talk.receive(b'{"execute":"guest-sync-delimited","arguments":{"id":5}}')
        self.assertEqual(self.said(), b"\xff{" + away)
        self.talk.receive(request("guest-exec", id=7))
        self.assertEqual(self.said(), b'{"id": 7, ' + away)
        self.assertEqual(self.session.asked, [])

    def test_unknown(self) -> None:
        """
        Where nobody knows whether the command ran, the client is told so.
        """
        self.talk.receive(request("guest-exec", id=7))
        self.session.lose("no reply in 600 s")
        self.tick()
        self.assertIn(b'"desc": "outcome unknown: no reply in 600 s"', self.said())
        self.assertEqual(self.closed, 0)

    def test_shutdown(self) -> None:
        """
        A shutdown is answered with the end of the connection, and by nothing else; what the
        client said after it is not done.
        """
        self.talk.receive(request("guest-shutdown", id=7) + request("guest-exec"))
        self.session.lose("the connection ended")
        self.tick()
        self.assertEqual((self.said(), self.closed), (b"", 1))
        self.assertEqual(self.session.asked, ["guest-shutdown"])

    def test_shutdown_refused(self) -> None:
        """
        A shutdown that the agent refuses is answered like any command.
        """
        self.talk.receive(request("guest-shutdown", id=7))
        self.session.refuse(CommandNotFound("disabled"))
        self.tick()
        self.assertIn(b'"id": 7', self.said())
        self.assertEqual(self.closed, 0)

    def test_malformed(self) -> None:
        """
        What is no request is refused, and the next one is served.
        """
        for octets in (b"foo\n", b"\xff", b"[]\n", b'{"execute":5,"id":1}', b'{"x":1}'):
            self.talk.receive(octets)
            self.assertIn(b'"class": "GenericError"', self.said())
        self.talk.receive(request("guest-ping"))
        self.answer()
        self.assertEqual(self.said(), b'{"return": {}}\n')

    def test_depth(self) -> None:
        """
        A request that is nested beyond all reason is refused.
        """
        self.talk.receive(b'{"execute":' * 100_000)
        self.assertIn(b"nesting depth limit exceeded", self.said())

    def test_half_a_request(self) -> None:
        """
        0xFF ends what an earlier half of a request has begun.
        """
        self.talk.receive(b'{"execute":"guest-pi\xff' + request("guest-get-time"))
        self.assertIn(b"error", self.said())
        self.answer(5)
        self.assertEqual(self.said(), b'{"return": 5}\n')

    def test_end(self) -> None:
        """
        A client that says no more is answered, and then the connection ends.
        """
        self.talk.receive(request("guest-get-time") + request("guest-ping"))
        self.talk.end()
        self.assertEqual(self.closed, 0)
        self.answer(5)
        self.answer()
        self.assertEqual((self.said(), self.closed), (b'{"return": 5}\n{"return": {}}\n', 1))
        idle = self.converse()
        idle.end()
        self.assertEqual(self.closed, 2)

    def test_stop(self) -> None:
        """
        A client that has gone is told nothing, and what it asked and was not written never runs.
        """
        other = self.guest.ask(self.bob, "guest-get-time", {})
        self.talk.receive(request("guest-exec") + request("guest-exec"))
        self.talk.stop()
        self.answer(5)
        self.successResultOf(other)
        self.assertEqual((self.said(), self.session.asked), (b"", ["guest-get-time"]))

    def test_pace(self) -> None:
        """
        A client that says more than it waits for is not read from, until there is room again.
        """
        self.talk.receive(request("guest-get-time"))
        self.talk.receive(b" " * UNREAD)
        self.assertEqual(self.pauses, [])
        self.talk.receive(b" " * PIECE)
        self.assertEqual(self.pauses, [True])
        self.answer(5)
        self.assertEqual(self.pauses, [True, False])

    def test_storm(self) -> None:
        """
        A storm of 0xFF is answered a little at a time, so that others have their turn.
        """
        self.talk.receive(b"\xff" * 1000)
        self.assertEqual(len(self.written), ANSWERS)
        for _ in range(1000 // ANSWERS):
            self.clock.advance(0)
        self.assertEqual(len(self.written), 1000)

    def test_bug(self) -> None:
        """
        What cannot be explained is logged, and ends the connection.
        """
        self.guest.ask = None  # type: ignore[assignment,method-assign]
        self.talk.receive(request("guest-ping"))
        self.assertEqual(len(self.flushLoggedErrors(TypeError)), 1)
        self.assertEqual(self.closed, 1)


class CutTests(GuestCase):
    @settings(deadline=None, max_examples=50)
    @given(cuts=st.lists(st.integers(0, 200), max_size=10))
    def test_cuts(self, cuts: list[int]) -> None:
        """
        However what a client says is cut, the answers are the same.
        """
        self.setUp()
        written: list[bytes] = []
        line = Line(write=written.append, close=lambda: None, pause=lambda _: None)
        talk = Conversation(self.clock, self.guest, self.ann, line)
        stream = (
            b'{"execute":"guest-sync-delimited","arguments":{"id":5}}'
            + request("guest-get-time", id=1)
            + b"foo\n"
            + request("guest-get-timezone", id="\N{PILE OF POO}")
        )
        places = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
        for start, end in pairwise(places):
            talk.receive(stream[start:end])
        self.answer(6)
        self.answer({"offset": 0})
        said = b"".join(written)
        self.assertTrue(said.startswith(b'\xff{"return": 5}\n{"return": 6, "id": 1}\n'))
        self.assertEqual(said.count(b"\n"), 4)
        last = json.loads(said.splitlines()[-1])
        self.assertEqual(last, {"return": {"offset": 0}, "id": "\N{PILE OF POO}"})
