"""The names of signals."""

import signal

from twisted.trial.unittest import SynchronousTestCase

from txqga.exec._signals import NAMES, signal_name
from txqga.schema import Enum, extended


class SignalsTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        A signal is called as everybody calls it.
        """
        for each in ("term", "TERM", "SIGTERM", signal.SIGTERM):
            self.assertEqual(signal_name(each), "term")
        for each in ("", "SIG", "segv", "9", "term\n", signal.SIGCHLD):
            with self.assertRaises(ValueError):
                signal_name(each)

    def test_schema(self) -> None:
        """
        Those that can be sent are those that our agent sends.
        """
        known = extended().definitions["TxqgaExecSignal"]
        assert isinstance(known, Enum)
        self.assertEqual({each.name for each in known.values}, NAMES)
