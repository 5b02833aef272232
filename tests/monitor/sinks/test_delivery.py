"""Batches on their way."""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor.sinks._delivery import (
    LEAST_ASKED,
    LONGEST,
    LONGEST_ASKED,
    RARELY,
    Delivery,
    Outcome,
    Sent,
)
from txqga.monitor.sinks._spool import Spool

DONE = Sent(Outcome.DONE)


class Longest(Random):
    """Draws the greatest number."""

    def uniform(self, a: float, b: float) -> float:
        return b


class DeliveryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.spool = Spool(None, 1000)
        self.sent: list[tuple[str, Deferred[Sent]]] = []
        self.delivery = Delivery(self.clock, "acme", self.spool, self.send, Longest())

    def send(self, name: str, octets: bytes) -> Deferred[Sent]:
        answer: Deferred[Sent] = Deferred()
        self.sent.append((name, answer))
        return answer

    def put(self, *names: str) -> None:
        for name in names:
            self.spool.put(name, b"x")
            self.delivery.wake()

    def answer(self, sent: Sent) -> None:
        """Answer the last one that was sent."""
        self.sent[-1][1].callback(sent)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.sent]

    def test_one_at_a_time(self) -> None:
        """
        The next one is sent when the platform has the one before.
        """
        self.put("a")
        self.assertEqual((self.names, self.delivery.state), ([], "stopped"))
        self.delivery.start()
        self.put("b", "c")
        self.assertEqual((self.names, self.delivery.state), (["a"], "sending"))
        self.answer(DONE)
        self.assertEqual(self.names, ["a", "b"])
        self.answer(DONE)
        self.answer(DONE)
        self.assertEqual((self.names, self.delivery.state), (["a", "b", "c"], "idle"))
        self.assertEqual((self.delivery.delivered, len(self.spool)), (3, 0))

    def test_again(self) -> None:
        """
        What is not taken is sent again, more and more rarely, and nothing overtakes it.
        """
        self.delivery.start()
        with capturedLogs() as seen:
            self.put("a", "b")
            pauses = []
            for _ in range(12):
                self.answer(Sent(Outcome.AGAIN, "down"))
                self.assertEqual((self.delivery.state, self.delivery.trouble), ("waiting", "down"))
                (call,) = self.clock.getDelayedCalls()
                pauses.append(call.getTime() - self.clock.seconds())
                self.clock.advance(pauses[-1])
            self.answer(DONE)
        self.assertEqual(pauses[:4], [1.0, 2.0, 4.0, 8.0])
        self.assertEqual(pauses[-1], LONGEST)
        self.assertEqual(self.names, ["a"] * 13 + ["b"])
        self.assertEqual((self.delivery.failures, self.delivery.trouble), (12, ""))
        self.assertEqual(len(seen), 2)  # that it began, and that it is over
        self.answer(Sent(Outcome.AGAIN))
        (call,) = self.clock.getDelayedCalls()
        self.assertEqual(call.getTime() - self.clock.seconds(), 1.0)

    def test_when_it_wants(self) -> None:
        """
        A platform that says when is asked again then: not after days, and not without a pause.
        """
        self.delivery.start()
        self.put("a")
        for asked, wait in (
            (7.0, 7.0),
            (0.0, LEAST_ASKED),
            (-5.0, LEAST_ASKED),
            (1e9, LONGEST_ASKED),
        ):
            self.answer(Sent(Outcome.AGAIN, "busy", asked))
            (call,) = self.clock.getDelayedCalls()
            self.assertEqual(call.getTime() - self.clock.seconds(), wait)
            self.clock.advance(wait)

    def test_never(self) -> None:
        """
        What will never be taken is counted, told, and in nobody's way.
        """
        self.delivery.start()
        self.put("a", "b")
        with capturedLogs() as seen:
            self.answer(Sent(Outcome.NEVER, "status 400"))
        self.assertEqual((self.names, self.delivery.refused), (["a", "b"], 1))
        self.assertIn("refused", seen[0]["log_format"])
        self.answer(DONE)
        self.assertEqual((self.delivery.delivered, self.delivery.trouble), (1, ""))

    def test_failure(self) -> None:
        """
        A connection that fails is no more than a platform that is down.
        """
        self.delivery.start()
        self.put("a")
        self.sent[-1][1].errback(ConnectionRefusedError("refused"))
        self.assertEqual((self.delivery.state, self.delivery.trouble), ("waiting", "refused"))
        self.clock.advance(1.0)
        self.assertEqual(self.names, ["a", "a"])

    def test_stop(self) -> None:
        """
        At its end nothing is on its way, and what was is still in the spool.
        """
        self.delivery.start()
        self.put("a")
        self.delivery.stop()
        self.assertTrue(self.sent[0][1].called)  # given up
        self.assertEqual((self.delivery.state, len(self.spool)), ("stopped", 1))
        self.put("b")
        self.assertEqual(self.names, ["a"])
        self.delivery.start()
        self.answer(Sent(Outcome.AGAIN))
        self.delivery.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stop_on_the_way(self) -> None:
        """
        What is broken off at the end is no fault of the platform's, and told to nobody.
        """
        answer: Deferred[Sent] = Deferred(lambda it: it.callback(Sent(Outcome.AGAIN, "cut off")))
        delivery = Delivery(self.clock, "acme", self.spool, lambda *_: answer, Longest())
        self.spool.put("a", b"x")
        delivery.start()
        with capturedLogs() as seen:
            delivery.stop()
        self.assertEqual((len(seen), delivery.failures, len(self.spool)), (0, 0, 1))

    def test_partly_taken(self) -> None:
        """
        What a platform has not taken of a batch is counted and told once, and not sent again.
        """
        self.delivery.start()
        with capturedLogs() as logs:
            self.put("a", "b", "c")
            self.answer(Sent(Outcome.DONE, "3 points: too old", lost=3))
            self.answer(Sent(Outcome.DONE, "4 points: too old", lost=4))
            self.assertEqual(self.delivery.trouble, "4 points: too old")
            self.answer(DONE)
        self.assertEqual(self.names, ["a", "b", "c"])
        self.assertEqual((self.delivery.lost, self.delivery.delivered), (7, 3))
        self.assertEqual(self.delivery.trouble, "")
        told = [each.get("why") for each in logs]
        self.assertEqual(told, ["3 points: too old", None])

    def test_partly_taken_by_turns(self) -> None:
        """
        A platform that refuses a part of every other batch is told of once an hour; that it is down
        is told all the same.
        """
        self.delivery.start()
        partly = Sent(Outcome.DONE, "1 point: too old", lost=1)
        with capturedLogs() as logs:
            for number in range(20):
                self.put(f"{number:02}")
                self.answer(DONE if number % 2 else partly)
            self.assertEqual([each.get("why") for each in logs], [partly.why, None])
            self.put("20")
            self.answer(partly)
            self.put("21")
            self.answer(Sent(Outcome.AGAIN, "down"))
            self.clock.advance(LONGEST)
            self.answer(DONE)
            told = [partly.why, None, "down", None]
            self.assertEqual([each.get("why") for each in logs], told)
            self.clock.advance(RARELY)
            self.put("22")
            self.answer(partly)
        self.assertEqual([each.get("why") for each in logs], [*told, partly.why])
        self.assertEqual(self.delivery.lost, 12)
