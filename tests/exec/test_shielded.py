"""Starting a program when nobody waits for it any more."""

from twisted.internet.defer import CancelledError, Deferred

from tests.exec._case import ExecCase
from txqga.errors import CommandFailed


class ShieldedTests(ExecCase):
    def setUp(self) -> None:
        self.streamed()
        self.successResultOf(self.exec.ways())
        self.answer: Deferred[object] = Deferred()
        self.begin = self.guest._start
        self.guest.answer("txqga-exec-start", self.answer)

    def start(self, detached: bool = False) -> None:
        asked = self.exec.start("sleep", ["9"], detached=detached)
        asked.cancel()
        self.assertNoResult(asked)
        (_, said) = self.guest.agent.ran[-1]
        self.answer.callback(self.begin(said))
        self.job = self.guest.job
        self.later()
        self.failureResultOf(asked, CancelledError)

    def test_killed(self) -> None:
        """
        A program that starts after it was given up is killed.
        """
        self.start()
        self.assertEqual(self.job.signals, ["kill"])
        self.assertEqual(self.guest.jobs, {})

    def test_detached(self) -> None:
        """
        One that is meant to go on goes on.
        """
        self.start(detached=True)
        self.assertEqual(self.job.signals, [])

    def test_refused(self) -> None:
        """
        One that does not start is nobody's business any more.
        """
        asked = self.exec.start("sleep", ["9"])
        asked.cancel()
        self.answer.callback(CommandFailed("no"))
        self.guest.advance()
        self.failureResultOf(asked, CancelledError)

    def test_twice(self) -> None:
        """
        Who cancels twice waits no longer.
        """
        asked = self.exec.start("sleep", ["9"])
        asked.cancel()
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        self.answer.callback(CommandFailed("no"))
        self.guest.advance()
