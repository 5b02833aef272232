"""What is said on a connection, sorted."""

from random import Random

from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.session._bench import Bench
from txqga.session._call import Call, Reply
from txqga.session._conversation import Conversation
from txqga.wire import JSON


class Words:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def connected(self) -> None: ...
    def overdue(self, why: str) -> None: ...
    def doubt(self, why: str) -> None: ...

    def lost(self, why: str) -> None:
        self.told.append(("lost", why))

    def flooded(self, why: str) -> None:
        self.told.append(("flooded", why))

    def marked(self, reply: Reply) -> None:
        self.told.append(("marked", reply))

    def echoed(self) -> None:
        self.told.append(("echoed", None))

    def unlabelled(self, reply: Reply) -> None:
        self.told.append(("unlabelled", reply))

    def stray(self, kind: str, what: str) -> None:
        self.told.append(("stray", kind))


class ConversationTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench(Clock(), Random(1))
        self.words = Words()
        self.conversation = Conversation(self.bench.calls, self.words, "p.0")

    def told(self) -> list[str]:
        return [word for word, _ in self.words.told]

    def test_answer(self) -> None:
        """
        A reply with the id of a call answers it, also right after 0xFF.
        """
        self.bench.calls.opened("p.")
        call = Call("guest-info", "read", 5.0, None, 0)
        answer = self.bench.calls.submit(call, {})
        self.conversation.sentinel()
        self.conversation.message({"return": 1, "id": "p.1"})
        self.assertEqual(self.successResultOf(answer), 1)
        self.assertEqual(self.words.told, [])

    def test_probe(self) -> None:
        """
        The id of the probe is expected once.
        """
        self.conversation.message({"return": {}, "id": "p.0"})
        self.conversation.message({"return": {}, "id": "p.0"})
        self.assertEqual(self.words.told, [("echoed", None), ("stray", "unknown id")])

    def test_marked(self) -> None:
        """
        A reply without id counts as an answer to a sync only if it comes right after 0xFF.
        """
        reply = {"return": 7}
        self.conversation.message(reply)
        self.conversation.sentinel()
        self.conversation.message(reply)
        self.conversation.message(reply)
        self.conversation.sentinel()
        self.conversation.malformed("noise")
        self.conversation.message(reply)
        self.assertEqual(self.told(), ["unlabelled", "marked", "unlabelled", "stray", "unlabelled"])

    def test_storm(self) -> None:
        """
        0xFF without end ends the conversation; some of them now and then do not.
        """
        for _ in range(3):
            for _ in range(100):
                self.conversation.sentinel()
            self.conversation.message({"return": 7})
            for _ in range(100):
                self.conversation.sentinel()
            self.conversation.malformed("noise")
        self.assertNotIn("flooded", self.told())
        for _ in range(101):
            self.conversation.sentinel()
        self.assertEqual(self.told()[-1], "flooded")

    def test_strays(self) -> None:
        """
        What answers nothing is told by its kind.
        """
        odd: list[JSON] = [5, [], {}, {"event": "x"}]
        strange: list[JSON] = [{"return": 1, "id": None}, {"return": 1, "id": []}]
        for value in odd + strange:
            self.conversation.message(value)
        self.assertEqual(
            [kind for _, kind in self.words.told], ["not a reply"] * 4 + ["unknown id"] * 2
        )

    def test_end(self) -> None:
        """
        The end of the connection, and a line without end, are told in words.
        """
        self.conversation.lost(Failure(ConnectionDone()))
        self.conversation.overflow("a reply is longer than 9 octets")
        self.conversation.rest()
        self.assertEqual(
            self.words.told,
            [
                ("lost", "the other end closed the connection"),
                ("flooded", "a reply is longer than 9 octets"),
            ],
        )
        self.assertEqual(self.bench.counters.protocol_errors, {"too long": 1})
