"""Where nothing is written down."""

from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Bench
from txqga.fsfreeze._ledger import Ledger, Unwritten


class UnwrittenTests(SynchronousTestCase):
    def test_at_once(self) -> None:
        """
        Who writes nothing down need not wait for it.
        """
        ledger: Ledger = Unwritten()
        self.assertIsNone(self.successResultOf(ledger.note(Bench().core().standing)))
