"""That a guest is frozen for too long."""

from attrs import evolve
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.monitor.alerts._told import Told
from txqga.fsfreeze import NOBODY, Lease, Stage, Standing
from txqga.monitor.alerts._frozen import Frozen


class FrozenTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.told = Told()
        self.longest = 300.0
        self.stand(Stage.THAWED)
        self.frozen = Frozen(self.clock, lambda: self.standing, lambda: self.longest, self.told)

    def stand(self, stage: Stage, seconds: float = 0.0, owner: str = "ann") -> None:
        now = self.clock.seconds()
        lease = Lease(owner=owner, seconds=seconds, since=now, deadline=now + seconds)
        self.standing = Standing(stage, f"{stage.value} for {owner}", now, lease)

    def pass_on(self, stage: Stage) -> None:
        """The same freeze is at another stage."""
        reason = f"{stage.value} for {self.standing.lease.owner}"
        self.standing = evolve(self.standing, stage=stage, reason=reason)
        self.frozen.look()

    def test_lease(self) -> None:
        """
        A guest is frozen for too long past four fifths of its lease: that is told once, for whom
        and how long it is left, and once more when it is thawed.
        """
        self.stand(Stage.FREEZING, 100.0)
        self.frozen.look()
        self.clock.advance(1.0)
        self.pass_on(Stage.FROZEN)
        self.clock.advance(78.0)
        self.assertEqual(self.told.take(), [])
        self.clock.advance(1.0)
        words = {"seconds": 80.0, "left": 20.0, "owner": "ann", "reason": "frozen for ann"}
        self.assertEqual(self.told.take(), [("frozen-too-long", {"alert": "raised", **words})])
        self.clock.advance(20.0)
        self.pass_on(Stage.THAWING)
        self.clock.advance(500.0)
        self.assertEqual(self.told.take(), [])
        self.pass_on(Stage.LAPSED)
        self.pass_on(Stage.THAWED)
        words = {"alert": "cleared", "seconds": 600.0}
        self.assertEqual(self.told.take(), [("frozen-too-long", words)])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_longest(self) -> None:
        """
        However long the lease is, there is a time that is too long; another one that is said holds
        at once.
        """
        self.stand(Stage.FROZEN, 3600.0)
        self.frozen.look()
        self.clock.advance(100.0)
        self.longest = 50.0
        self.frozen.look()
        ((_, data),) = self.told.take()
        self.assertEqual((data["seconds"], data["left"]), (100.0, 3500.0))

    def test_renewed(self) -> None:
        """
        A lease that was made longer without a word is looked at again.
        """
        self.stand(Stage.FROZEN, 100.0)
        self.frozen.look()
        lease = evolve(self.standing.lease, deadline=200.0)
        self.standing = evolve(self.standing, lease=lease)
        self.clock.advance(159.0)
        self.assertEqual(self.told.take(), [])
        self.clock.advance(1.0)
        self.assertEqual(len(self.told.take()), 1)

    def test_in_time(self) -> None:
        """
        A guest that is thawed in time is not spoken of.
        """
        self.stand(Stage.FROZEN, 100.0)
        self.frozen.look()
        self.clock.advance(79.0)
        self.pass_on(Stage.THAWED)
        self.clock.advance(1000.0)
        self.assertEqual(self.told.take(), [])

    def test_found(self) -> None:
        """
        A guest that was found frozen, by nobody here, is spoken of likewise.
        """
        self.stand(Stage.FROZEN, 300.0, NOBODY)
        self.frozen.look()
        self.clock.pump([120.0, 120.0])
        self.assertEqual([data["owner"] for _, data in self.told.take()], [NOBODY])

    def test_in_doubt(self) -> None:
        """
        Of a guest of which nobody knows whether it is frozen nothing new is told.
        """
        self.stand(Stage.FROZEN, 100.0)
        self.frozen.look()
        self.clock.advance(80.0)
        self.pass_on(Stage.DOUBTFUL)
        self.assertEqual(len(self.told.take()), 1)
        self.pass_on(Stage.THAWED)
        self.assertEqual([data["alert"] for _, data in self.told.take()], ["cleared"])
