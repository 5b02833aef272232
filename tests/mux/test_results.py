"""Results that the agent has told already."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._handles import Handle, Kind
from txqga.mux._results import KEPT, OCTETS, Results

P, Q, R = (Handle(Kind.EXEC, pid) for pid in (7, 8, 9))
DONE = {"exited": True, "exitcode": 0}


class ResultsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.expired: list[Handle] = []
        self.results = Results(self.clock, self.expired.append)

    def test_once(self) -> None:
        """
        A result is told once, as the agent does.
        """
        self.results.keep(P, DONE)
        self.assertIn(P, self.results)
        self.assertEqual(self.results.take(P), DONE)
        self.assertIsNone(self.results.take(P))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_expires(self) -> None:
        """
        A result that nobody asks for goes after five minutes.
        """
        self.results.keep(P, DONE)
        self.clock.advance(KEPT - 1)
        self.assertIn(P, self.results)
        self.clock.advance(1)
        self.assertNotIn(P, self.results)
        self.assertEqual(self.expired, [P])

    def test_bounded(self) -> None:
        """
        Much output makes the oldest results go; the newest always stays.
        """
        big = {**DONE, "out-data": "A" * (OCTETS // 2), "err-data": 5}
        for handle in (P, Q, R):
            self.results.keep(handle, big)
        self.assertEqual(
            (self.expired, P in self.results, R in self.results), ([P, Q], False, True)
        )

    def test_again(self) -> None:
        """
        A newer result of the same PID takes the place of the old one.
        """
        self.results.keep(P, DONE)
        self.results.keep(P, {"exited": True, "signal": 9})
        self.assertEqual(self.results.take(P), {"exited": True, "signal": 9})
        self.assertEqual((self.expired, self.clock.getDelayedCalls()), ([], []))

    def test_stop(self) -> None:
        """
        A mux that stops keeps nothing and waits for nothing.
        """
        self.results.keep(P, DONE)
        self.results.stop()
        self.assertEqual((self.expired, self.clock.getDelayedCalls()), ([], []))
