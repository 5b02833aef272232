"""Questions, and what answers them."""

from random import Random

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.session._bench import Bench
from tests.session.test_link import Host, Quiet
from txqga.session._exchange import Exchange
from txqga.session._fence import Fence
from txqga.wire import ABSENT, JSON, Refusal, Success, command


class ExchangeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.bench = Bench(self.clock, Random(1))
        self.bench.link.host, self.bench.link.listen = Host(), Quiet
        self.bench.link.connect()
        self.silent: list[float] = []

    def note(self) -> None:
        self.silent.append(self.clock.seconds())

    def sync(self) -> Exchange:
        return self.bench.asker.sync("why", self.note)

    def test_sync(self) -> None:
        """
        A sync begins with 0xFF, has no id, and a number that nobody could guess.
        """
        exchange = self.sync()
        self.assertEqual(
            self.bench.written,
            b"\xff" + command("guest-sync-delimited", {"id": exchange.number}),
        )
        self.assertNotEqual(exchange.number, self.sync().number)
        self.assertTrue(1 <= exchange.number < 2**53)

    def test_answer(self) -> None:
        """
        Its number answers it, also as a floating point number; nothing else does.
        """
        exchange = self.sync()
        for value in (exchange.number, float(exchange.number)):
            self.assertTrue(exchange.is_answer(Success(value, ABSENT)))
        others: list[JSON] = [0, True, None, str(exchange.number), [exchange.number]]
        for value in others:
            self.assertFalse(exchange.is_answer(Success(value, ABSENT)), value)
        refusal = Refusal(wire_class="GenericError", desc=str(exchange.number), id=ABSENT)
        self.assertFalse(exchange.is_answer(refusal))

    def test_one_is_not_true(self) -> None:
        """
        True is no answer to the number 1.
        """
        exchange = self.sync()
        exchange.number = 1
        self.assertFalse(exchange.is_answer(Success(True, ABSENT)))

    def test_drowned(self) -> None:
        """
        A thousand lines may come instead of the answer, and not one more.
        """
        exchange = self.sync()
        self.assertEqual([exchange.drowns() for _ in range(1001)], [False] * 1000 + [True])

    def test_silence(self) -> None:
        """
        Nobody waits longer than the time-out, or, while something is heard, twelve of them.
        """
        self.sync()
        self.clock.advance(5)
        self.assertEqual(self.silent, [5])
        self.sync()
        for _ in range(30):
            self.clock.advance(4)
            self.bench.ear.heard = self.clock.seconds()
        self.assertEqual(self.silent, [5, 65])

    def test_first_sync(self) -> None:
        """
        What comes before the first answer is discarded unread, however long it is.
        """
        self.bench.asker.first_sync(0, self.note)
        channel = self.bench.link._channel
        assert channel is not None
        self.assertEqual(channel.reader.receive(b"x" * (11 << 20)), [])

    def test_first_sync_with_late_replies(self) -> None:
        """
        It is read if a reply to an earlier call may be in it.
        """
        self.bench.asker.first_sync(44 << 20, self.note)
        channel = self.bench.link._channel
        assert channel is not None
        self.assertEqual(channel.reader.max_octets, 44 << 20)
        self.assertEqual(len(channel.reader.receive(b'{"return": 1}\n')), 1)

    def test_probe(self) -> None:
        """
        The probe has an id, and begins a fence; it is a ping where none is wanted.
        """
        asker, first = self.bench.asker, command("txqga-fence", {"token": "s.1"}, "n.1.0")
        asker.probe(self.note)
        self.assertEqual(self.bench.written, first)
        asker.fence = Fence(clock=self.clock, secret="s", is_wanted=False)
        asker.probe(self.note)
        self.assertEqual(self.bench.written, first + command("guest-ping", id="n.1.0"))
