"""One call, and what becomes of it."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    FencedOff,
    OutcomeUnknown,
)
from txqga.session._call import Call
from txqga.wire import ABSENT, JSON, Refusal, Success

REPLY = Success(5, ABSENT)


class CallTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.call = Call("guest-exec", "once", 5.0, None, 100.0)
        self.waiting: Deferred[JSON] = Deferred()
        self.call.waiting = self.waiting

    def test_success(self) -> None:
        """
        The caller gets the value of ``return``, once.
        """
        self.call.answer(REPLY)
        self.call.answer(REPLY)
        self.call.fail(AgentUnavailable("x", "y"))
        self.call.give_up("late")
        self.assertEqual(self.successResultOf(self.waiting), 5)

    def test_refusals(self) -> None:
        """
        The class of an error on the wire decides the class of the exception.
        """
        for wire_class, kind in [
            ("CommandNotFound", CommandNotFound),
            ("GenericError", CommandFailed),
            ("DeviceNotActive", FencedOff),
            ("DeviceNotFound", CommandFailed),
        ]:
            self.setUp()
            self.call.answer(Refusal(wire_class=wire_class, desc="no", id=ABSENT))
            error = self.failureResultOf(self.waiting).value
            self.assertIs(type(error), kind)
            self.assertEqual(str(error), "guest-exec: no")

    def test_given_up(self) -> None:
        """
        A call that is given up tells its command and class, and its outcome when it comes.
        """
        self.call.give_up("no reply")
        error = self.failureResultOf(self.waiting, OutcomeUnknown).value
        self.assertEqual(
            (error.command, error.command_class, error.reason), ("guest-exec", "once", "no reply")
        )
        settled = error.outcome.settled()
        self.call.answer(REPLY)
        self.call.conclude()
        self.assertIs(self.successResultOf(settled), REPLY)

    def test_concluded(self) -> None:
        """
        When no reply can come any more, the outcome stays unknown for ever.
        """
        self.call.conclude()
        self.call.give_up("no reply")
        self.call.conclude()
        error = self.failureResultOf(self.waiting, OutcomeUnknown).value
        self.assertIs(self.successResultOf(error.outcome.settled()), None)

    def test_silent(self) -> None:
        """
        A command that has no reply when it works says so.
        """
        self.call.silent = True
        self.call.give_up("no reply")
        error = self.failureResultOf(self.waiting, OutcomeUnknown).value
        self.assertEqual(error.reason, "it has no reply when it works; no reply")

    def test_due(self) -> None:
        """
        A reply is due a deadline after the last octet was heard, or the call was written.
        """
        self.call.written = 110.0
        self.assertEqual(self.call.due(90.0), 115.0)
        self.assertEqual(self.call.due(112.0), 117.0)
        self.assertEqual(self.call.due(1000.0), 110.0 + 12 * 5)

    def test_cap(self) -> None:
        """
        A cap counts from when the call was made, and ends it whatever is heard.
        """
        self.call.cap = 13.0
        self.call.written = 110.0
        self.assertEqual(self.call.due(112.0), 113.0)
