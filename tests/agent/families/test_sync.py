"""guest-sync, guest-sync-delimited and guest-ping."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._family import Encoded
from txqga.agent.families._sync import Sync


class SyncTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.family = Sync()
        self.addCleanup(self.family.close)

    def test_same(self) -> None:
        """
        A sync returns the number it was given.
        """
        for name in ("guest-sync", "guest-sync-delimited"):
            self.assertEqual(self.family.commands()[name].function({"id": -(2**63)}), -(2**63))

    def test_sentinel(self) -> None:
        """
        Only the delimited sync's reply begins with 0xFF.
        """
        delimited = [name for name, each in self.family.commands().items() if each.sentinel]
        self.assertEqual(delimited, ["guest-sync-delimited"])

    def test_ping(self) -> None:
        """
        A ping returns nothing.
        """
        self.assertEqual(self.family.commands()["guest-ping"].function({}), Encoded(b"{}"))
