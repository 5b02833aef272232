"""How a guest's freeze stands."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._standing import described, written
from txqga.fsfreeze import NOBODY, Lease, Stage, Standing


class StandingTests(SynchronousTestCase):
    def told(self, stage: Stage, owner: str = "ann") -> object:
        lease = Lease(
            owner=owner, seconds=60, since=100.0, deadline=160.0, mountpoints=("/a", "/b")
        )
        standing = Standing(stage, "so it is", 110.0, lease)
        return described(standing, 120.0, lambda seconds: written(seconds - 100))

    def test_thawed(self) -> None:
        """
        A guest that is thawed has no lease.
        """
        told = {"stage": "thawed", "reason": "so it is", "seconds": 10.0}
        self.assertEqual(self.told(Stage.THAWED), told)

    def test_frozen(self) -> None:
        """
        One that is frozen has an owner and a deadline, as a time and as seconds that are left.
        """
        told = {
            "stage": "frozen",
            "reason": "so it is",
            "seconds": 10.0,
            "owner": "ann",
            "found": False,
            "lease": 60,
            "since": "1970-01-01T00:00:00.000Z",
            "mountpoints": ["/a", "/b"],
            "left": 40.0,
            "deadline": "1970-01-01T00:01:00.000Z",
        }
        self.assertEqual(self.told(Stage.FROZEN), told)
        found = {**told, "owner": NOBODY, "found": True}
        self.assertEqual(self.told(Stage.FROZEN, NOBODY), found)

    def test_lapsed(self) -> None:
        """
        One that did not hold until it was thawed had an owner, and has no deadline any more.
        """
        told = self.told(Stage.LAPSED)
        assert isinstance(told, dict)
        self.assertEqual(told["owner"], "ann")
        self.assertNotIn("deadline", told)
