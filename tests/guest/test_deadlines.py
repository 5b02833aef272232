"""How long commands may be silent that take their time."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.guest._deadlines import _SLOW, deadline_of
from txqga.schema import extended


class DeadlinesTests(SynchronousTestCase):
    def test_slow(self) -> None:
        """
        What waits for disks may take longer than what does not; and there are such commands.
        """
        self.assertIs(deadline_of("guest-ping"), None)
        self.assertEqual(deadline_of("guest-fstrim"), 3600)
        self.assertLessEqual(_SLOW.keys(), extended().commands.keys())
