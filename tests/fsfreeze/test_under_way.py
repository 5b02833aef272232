"""Who waits for what the gate does."""

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.fsfreeze._steps import Released
from txqga.fsfreeze._under_way import Freezing, Thawing


class ThawingTests(SynchronousTestCase):
    def test_count(self) -> None:
        """
        A thaw is answered with a count.
        """
        thawing = Thawing(None, Deferred())
        thawing.tell(Released(3))
        self.assertEqual(self.successResultOf(thawing.reply), 3)

    def test_hook(self) -> None:
        """
        A hook that failed makes it fail, although everything was thawed.
        """
        thawing = Thawing(None, Deferred())
        thawing.tell(Released(3, Failure(CommandFailed("hook"))))
        self.assertEqual(self.failureResultOf(thawing.reply, CommandFailed).value.desc, "hook")


class FreezingTests(SynchronousTestCase):
    def test_leave(self) -> None:
        """
        A freeze has no clock before the first filesystem is frozen.
        """
        Freezing(Deferred()).leave()
