"""Why there is no connection, in words."""

import errno

from twisted.internet.address import UNIXAddress
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionDone,
    ConnectionLost,
    getConnectError,
)
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.session._reasons import HELD, HUNG, connect_failed, connection_lost, quoted, reason_code
from txqga.session._states import State, Status


class ReasonsTests(SynchronousTestCase):
    def test_by_number(self) -> None:
        """
        What the operating system says is told with what it means here.
        """
        for number, words in [
            (errno.ENOENT, "there is no such socket"),
            (errno.EACCES, "permission denied"),
            (errno.ECONNREFUSED, "refused"),
            (errno.EAGAIN, "takes no more connections"),
            (errno.ENODEV, "no such virtual machine"),
        ]:
            error = getConnectError((number, "whatever"))
            self.assertIn(words, connect_failed(Failure(error)), number)
            self.assertIn(words, connect_failed(Failure(OSError(number, "whatever"))), number)

    def test_crowded(self) -> None:
        """
        What Twisted makes of a UNIX socket with a full queue is recognised.
        """
        error = ConnectError(string=Failure(ConnectionDone()))
        self.assertIn("takes no more connections", connect_failed(Failure(error)))

    def test_slow(self) -> None:
        """
        An attempt that took too long says so, whoever gave it up.
        """
        for error in (DeferredTimeout(), ConnectingCancelledError(UNIXAddress("x"))):
            self.assertIn("in time", connect_failed(Failure(error)))

    def test_others(self) -> None:
        """
        Any other error is told in its own words.
        """
        self.assertEqual(connect_failed(Failure(ValueError("odd"))), "no connection: odd")
        self.assertEqual(connect_failed(Failure(KeyError())), "no connection: KeyError")
        self.assertIn("no connection", connect_failed(Failure(ConnectError(9999, "odd"))))

    def test_quoted(self) -> None:
        """
        Words of a guest are shortened, and cannot move a cursor.
        """
        self.assertEqual(quoted("caf\u00e9: no"), "caf\u00e9: no")
        self.assertEqual(quoted("a\x1b[2J\n"), "a\ufffd[2J\ufffd")
        self.assertEqual(quoted("A" * 201), "A" * 200 + "...")

    def test_lost(self) -> None:
        """
        An orderly end is told from others.
        """
        self.assertIn("other end closed", connection_lost(Failure(ConnectionDone())))
        self.assertIn("was lost", connection_lost(Failure(ConnectionLost("reset"))))

    def test_codes(self) -> None:
        """
        A sentence that says one thing has a word for programs; others have that of their state.
        """
        absent = connect_failed(Failure(OSError(errno.ENOENT, "whatever")))
        for state, reason, code in (
            (State.ABSENT, absent, "no-socket"),
            (State.HELD, HELD, "silent"),
            (State.DESYNCED, HUNG, "hung"),
            (State.READY, "the agent answers", "ready"),
        ):
            self.assertEqual(reason_code(Status(state, reason, 0.0)), code)
