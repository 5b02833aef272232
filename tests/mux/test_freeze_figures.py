"""What became of a guest's freezes."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze import Lease, Stage, Standing
from txqga.mux._freeze_figures import FreezeFigures

LEASE = Lease(owner="ann", seconds=60, since=100.0, deadline=160.0)


class FreezeFiguresTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.figures = FreezeFigures()

    def tell(self, *stages: str, now: float = 110.0) -> None:
        for stage in stages:
            self.figures.told(Standing(Stage(stage), "", now, LEASE), now)

    def test_thawed_by_its_owner(self) -> None:
        """
        A freeze that is renewed and thawed is one, and lasted from when it was sent.
        """
        self.tell("freezing", "frozen", "frozen", "thawing", "thawed")
        self.assertEqual(self.figures.outcomes, {"frozen": 1})
        self.assertEqual((self.figures.held.count, self.figures.held.seconds), (1, 10.0))
        self.assertEqual(self.figures.lapsed, {})

    def test_not_frozen(self) -> None:
        """
        One that never ran is told from one that had to be undone; neither lasted.
        """
        self.tell("freezing", "thawed")
        self.tell("freezing", "thawing", "thawed")
        self.assertEqual(self.figures.outcomes, {"refused": 1, "undone": 1})
        self.assertEqual(self.figures.held.count, 0)

    def test_lapsed(self) -> None:
        """
        Who thaws without whoever froze it is told: the mux, or the guest.
        """
        self.tell("freezing", "frozen", "thawing", "lapsed", "thawed")
        self.tell("freezing", "frozen", "lapsed", "thawed")
        self.assertEqual(self.figures.lapsed, {"mux": 1, "guest": 1})
        self.assertEqual(self.figures.held.count, 2)

    def test_found(self) -> None:
        """
        A guest that is found frozen was frozen by nobody here.
        """
        self.tell("frozen", "thawing", "lapsed", "frozen")
        self.assertEqual(self.figures.outcomes, {"found": 2})

    def test_recalled(self) -> None:
        """
        What the last process has counted is not counted again.
        """
        self.figures.recalled(Standing(Stage.DOUBTFUL, "", 0.0, LEASE))
        self.tell("frozen", "thawing", "lapsed")
        self.assertEqual(self.figures.outcomes, {})
        self.assertEqual(self.figures.lapsed, {"mux": 1})
        self.assertEqual(self.figures.held.count, 1)
