"""What a family of commands is."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._family import Encoded, Served


class ServedTests(SynchronousTestCase):
    def test_plain(self) -> None:
        """
        A command runs where the reactor does, and its reply has no 0xFF, unless it says so.
        """
        served = Served(lambda arguments: Encoded(b"5"))
        self.assertFalse(served.blocking)
        self.assertFalse(served.sentinel)
        self.assertEqual(served.function({}), Encoded(b"5"))
