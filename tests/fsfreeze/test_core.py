"""What the lifecycle works with."""

from twisted.internet.defer import Deferred
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Bench
from txqga.fsfreeze._core import Hold
from txqga.fsfreeze._lease import Stage
from txqga.fsfreeze._limit import GuestLimit


class CoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.core = self.bench.core()

    def test_enter(self) -> None:
        """
        How a guest stands is written down and told.
        """
        lease = self.core.lent("ann", 60)
        self.successResultOf(self.core.enter(Stage.FREEZING, "ann freezes it", lease))
        self.core.stand(Stage.FROZEN, "ann has frozen it")
        self.assertEqual(self.core.lease, lease)
        self.assertEqual(self.bench.told, ["freezing", "frozen"])
        self.assertEqual(self.bench.ledger.stages, ["freezing", "frozen"])

    def test_unwritten(self) -> None:
        """
        What cannot be written down is logged, and stands all the same.
        """
        self.bench.ledger.slow = True
        self.core.stand(Stage.THAWED, "ann has thawed it")
        with capturedLogs() as seen:
            self.bench.ledger.writing.popleft().errback(OSError("disk full"))
        self.assertEqual((seen[0]["stage"], seen[0]["why"]), ("thawed", "disk full"))
        self.assertIs(self.core.standing.stage, Stage.THAWED)

    def test_run_out(self) -> None:
        """
        A lease runs out at its deadline, and says so.
        """
        self.core.stand(Stage.FROZEN, "so", self.core.lent("ann", 60))
        self.bench.clock.advance(59)
        self.assertEqual(self.core.run_out(), "")
        self.bench.clock.advance(1)
        self.assertEqual(self.core.run_out(), "its lease of 60 s has run out")


class HoldTests(SynchronousTestCase):
    def test_arm(self) -> None:
        """
        A hold ends with the lease, or with the guest's own limit, whichever is first.
        """
        bench, rung = Bench(), Deferred[None]()
        clock = bench.clock
        expiry = clock.callLater(10, rung.callback, None)
        limit = GuestLimit(clock, bench.agent.ask, 60, lambda when: None, lambda frozen: None)
        hold = Hold(expiry, limit)
        hold.arm(bench.lease(60), 0)
        clock.advance(30)
        self.assertNoResult(rung)
        hold.until = 40
        hold.arm(bench.lease(60), 30)
        clock.advance(10)
        self.successResultOf(rung)
        hold.end()
        self.assertEqual(clock.getDelayedCalls(), [])
