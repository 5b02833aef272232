"""Telling a client that says no more from one that has gone."""

import socket

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._hangup import PERIOD, Lookout, has_hung_up


class HasHungUpTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX)
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)

    def assert_gone(self, gone: bool) -> None:
        self.assertEqual(has_hung_up(self.ours), gone)  # type: ignore[arg-type]

    def test_there(self) -> None:
        """
        A client that only ended its writing side still listens.
        """
        self.assert_gone(False)
        self.theirs.sendall(b"x")
        self.theirs.shutdown(socket.SHUT_WR)
        self.assert_gone(False)

    def test_gone(self) -> None:
        """
        A client that closed, or was killed, does not, even if it left something to read.
        """
        self.theirs.sendall(b"x")
        self.theirs.close()
        self.assert_gone(True)


class LookoutTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.gone = False
        self.told = 0
        self.lookout = Lookout(self.clock, lambda: self.gone, self.tell)

    def tell(self) -> None:
        self.told += 1

    def test_goes(self) -> None:
        """
        Somebody who goes is missed soon, once.
        """
        self.lookout.start()
        self.lookout.start()
        self.clock.advance(PERIOD)
        self.assertEqual(self.told, 0)
        self.gone = True
        self.clock.advance(PERIOD)
        self.assertEqual((self.told, self.clock.getDelayedCalls()), (1, []))

    def test_stop(self) -> None:
        """
        Nobody is missed who is not looked for any more.
        """
        self.lookout.start()
        self.lookout.stop()
        self.lookout.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
