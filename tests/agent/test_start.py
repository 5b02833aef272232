"""Why an agent did not start."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._start import StartFailed


class StartFailedTests(SynchronousTestCase):
    def test_texts(self) -> None:
        """
        The reason comes first, then what qemu-ga says after any.
        """
        why = StartFailed("no such thing")
        self.assertEqual(str(why), "no such thing")
        self.assertEqual(why.texts, ("no such thing", "error initializing guest agent"))
