"""guest-fsfreeze-status."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._fsfreeze import Fsfreeze


class FsfreezeTests(AskingTests):
    def test_status(self) -> None:
        """
        An agent that cannot freeze holds nothing.
        """
        self.assertEqual(self.ask(Fsfreeze(), "guest-fsfreeze-status"), "thawed")
