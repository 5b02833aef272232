"""Silence is measured from the last octet."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.session._silence import Ear, Silence


class SilenceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.ear = Ear()
        self.over: list[float] = []
        self.silence = Silence(
            self.clock,
            self.ear,
            lambda: self.over.append(self.clock.seconds()),
            limit=5.0,
            cap=12.0,
        )

    def hear(self, after: float) -> None:
        self.clock.advance(after)
        self.ear.heard = self.clock.seconds()
        self.ear.reads += 1

    def test_silent(self) -> None:
        """
        When nothing is heard at all, the time is over after the limit.
        """
        self.clock.advance(4.9)
        self.assertEqual(self.over, [])
        self.clock.advance(0.1)
        self.assertEqual(self.over, [5.0])
        self.assertFalse(self.silence.heard)

    def test_heard(self) -> None:
        """
        What is heard begins the count again, without a timer being moved.
        """
        self.hear(3)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.pump([4, 0.5])
        self.assertEqual(self.over, [])
        self.clock.advance(0.5)
        self.assertEqual(self.over, [8.0])
        self.assertTrue(self.silence.heard)

    def test_cap(self) -> None:
        """
        Somebody who never stops talking is cut short.
        """
        for _ in range(4):
            self.hear(3)
        self.assertEqual(self.over, [12.0])

    def test_restart(self) -> None:
        """
        After it rang, it can count again from then.
        """
        self.clock.advance(5)
        self.silence.restart()
        self.clock.advance(5)
        self.assertEqual(self.over, [5.0, 10.0])

    def test_cancel(self) -> None:
        """
        A cancelled count leaves nothing behind, before and after it rang.
        """
        self.silence.cancel()
        self.silence.cancel()
        self.assertEqual(self.clock.getDelayedCalls(), [])
