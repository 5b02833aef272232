"""Deadlines on the monotonic clock."""

import time

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga import monotonic


class MonotonicTests(SynchronousTestCase):
    def test_reactor(self) -> None:
        """
        Once told so, a reactor measures its delays on a clock that nobody can set.
        """
        reactor = Clock()
        monotonic(reactor)
        self.assertIs(reactor.seconds, time.monotonic)
