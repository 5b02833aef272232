"""What is kept of a freeze."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.fsfreeze import Lapsed


class LapsedTests(SynchronousTestCase):
    def test_told(self) -> None:
        """
        Who comes to thaw too late hears how long it had lasted.
        """
        why = Lapsed(600).told().value
        assert isinstance(why, CommandFailed)
        self.assertEqual(why.desc, "thawed by itself after 600 s: the snapshot may be inconsistent")
        self.assertEqual(why.wire_class, "GenericError")
