"""One command and everybody who waits for it."""

from twisted.internet.defer import CancelledError
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.mux._job import Job
from txqga.mux._lanes import Lane


class JobTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.left: list[Job] = []
        self.job = Job(
            command="guest-ping",
            arguments={},
            lane=Lane.STATUS,
            client="a",
            owner="a",
            abandoned=self.left.append,
        )

    def test_answer(self) -> None:
        """
        All who wait get the answer.
        """
        waiting = [self.job.wait(), self.job.wait()]
        self.job.answer(5)
        self.assertEqual([self.successResultOf(each) for each in waiting], [5, 5])
        self.assertFalse(self.job.is_wanted)

    def test_fail(self) -> None:
        """
        All who wait are told why there is none, each with an error of its own.
        """
        waiting = [self.job.wait(), self.job.wait()]
        self.job.fail(CommandFailed("no"))
        errors = [self.failureResultOf(each, CommandFailed).value for each in waiting]
        self.assertEqual([str(error) for error in errors], ["no", "no"])
        self.assertIsNot(errors[0], errors[1])

    def test_leave(self) -> None:
        """
        A command is abandoned when the last of those who wait for it leaves, and only then.
        """
        first, second = self.job.wait(), self.job.wait()
        first.cancel()
        self.failureResultOf(first, CancelledError)
        self.assertEqual((self.left, self.job.is_wanted), ([], True))
        second.cancel()
        self.failureResultOf(second, CancelledError)
        self.assertEqual((self.left, self.job.is_wanted), ([self.job], False))
        self.job.answer(5)

    def test_leave_while_told(self) -> None:
        """
        Somebody may leave because of what another one has just been told.
        """
        first, second = self.job.wait(), self.job.wait()
        first.addCallback(lambda _: second.cancel())
        self.job.answer(5)
        self.failureResultOf(second, CancelledError)
        self.assertFalse(self.job.is_wanted)
