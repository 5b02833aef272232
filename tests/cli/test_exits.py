"""The exit status."""

from signal import SIGINT, SIGTERM

from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._exits import MEANINGS, Exit, Interrupted


class ExitTests(SynchronousTestCase):
    def test_told(self) -> None:
        """
        Each exit status says something.
        """
        self.assertEqual(list(MEANINGS), list(Exit))

    def test_signals(self) -> None:
        """
        Whoever is ended by a signal says which, as shells do.
        """
        self.assertEqual(Interrupted(SIGINT).status, Exit.INTERRUPTED)
        self.assertEqual(Interrupted(SIGTERM).status, Exit.TERMINATED)
