"""Where the lifecycle goes, and how that is said."""

from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Bench, renewal
from txqga.errors import AgentUnavailable, CommandFailed
from txqga.fsfreeze import _moves
from txqga.fsfreeze._lifecycle import FROZEN, Lifecycle


class MovesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.core = self.bench.core()
        self.lifecycle = Lifecycle(self.core, FROZEN, _moves.begin_hold)

    def test_said_first(self) -> None:
        """
        How the guest stands is known before anything follows from it.
        """
        _moves.lapse(self.lifecycle, self.core, "it was found thawed")
        self.assertEqual(self.bench.told, ["lapsed"])
        self.assertEqual(
            self.core.standing.reason,
            "thawed by the host after 0 s (it was found thawed): the snapshot may be inconsistent",
        )
        _moves.hold(self.lifecycle, self.core, "ann has frozen it", self.bench.lease())
        self.assertEqual(self.core.lease, self.bench.lease())
        _moves.thaw(self.lifecycle, self.core, "")
        self.assertEqual(self.core.standing.reason, "somebody thaws it")
        _moves.end(self.lifecycle, self.core, "ann has thawed it")
        self.assertEqual(self.bench.told, ["lapsed", "frozen", "thawing", "thawed"])

    def test_unwritten(self) -> None:
        """
        A lease that cannot be written down is one that never was.
        """
        why = _moves.unwritten(Failure(OSError("disk full"))).value
        self.assertIsInstance(why, AgentUnavailable)
        self.assertIn("its lease cannot be written down: disk full", str(why))

    def test_unrenewed(self) -> None:
        """
        So is a renewal.
        """
        wish = renewal(60)
        _moves.unrenewed(wish, Failure(OSError("disk full")))
        why = self.failureResultOf(wish.answer, CommandFailed).value
        self.assertIn("cannot be written down: disk full", why.desc)
