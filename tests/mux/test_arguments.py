"""What is wrong with arguments."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._arguments import fault
from txqga.schema import shipped


class FaultTests(SynchronousTestCase):
    def test_words(self) -> None:
        """
        A fault is told in the words of the agent.
        """
        self.assertEqual(
            str(fault(shipped(), "guest-sync", {"id": "5"})),
            "guest-sync: Invalid parameter type for 'id', expected: integer",
        )

    def test_no_fault(self) -> None:
        """
        What is in order, or of a command that only the agent knows, has none.
        """
        self.assertIsNone(fault(shipped(), "guest-sync", {"id": 5}))
        self.assertIsNone(fault(shipped(), "x-other", {"id": []}))
