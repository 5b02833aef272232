"""What a guest can do, and how it is asked."""

from twisted.internet.defer import CancelledError

from tests.guest._case import GuestCase, info
from txqga.errors import CommandNotFound, Misfit, OutcomeUnknown


class AskingTests(GuestCase):
    def test_call(self) -> None:
        """
        Anything can be asked in the wire's own words.
        """
        self.agent.answer("acme-foo", lambda arguments: {**arguments, "b": 2})
        self.assertEqual(self.result(self.guest.call("acme-foo", {"a": 1})), {"a": 1, "b": 2})

    def test_times(self) -> None:
        """
        A freeze may take longer than other commands; a deadline that is given counts.
        """
        self.agent.hangs = True
        slow = self.guest.fsfreeze_freeze()
        self.agent.flush()
        self.clock.advance(100)
        self.assertNoResult(slow)
        slow.cancel()
        self.failureResultOf(slow, CancelledError)

    def test_deadline_given(self) -> None:
        """
        A deadline that is given counts, also for a command that takes its time.
        """
        self.agent.hangs = True
        asked = self.guest.fsfreeze_freeze(deadline=3.0)
        self.agent.flush()
        self.clock.advance(3.0)
        self.failureResultOf(asked, OutcomeUnknown)

    def test_supports(self) -> None:
        """
        It tells whether the agent has commands, and asks only once for what it has.
        """
        self.agent.answer("guest-info", info("guest-info", "guest-ping"))
        self.assertIs(self.result(self.guest.supports("guest-ping")), True)
        self.assertIs(self.result(self.guest.supports("guest-info", "guest-ping")), True)
        self.assertEqual(self.agent.executed, ["guest-info"])

    def test_no_is_forgotten(self) -> None:
        """
        What the agent has not it may have later: one that is frozen says no to nearly everything.
        """
        self.agent.answer("guest-info", info("guest-exec", disabled="guest-exec"))
        self.assertIs(self.result(self.guest.supports("guest-exec")), False)
        self.agent.answer("guest-info", info("guest-exec"))
        self.assertIs(self.result(self.guest.supports("guest-exec")), True)

    def test_yes_of_another_agent(self) -> None:
        """
        After another connection the agent is asked again: it may be another one.
        """
        self.agent.answer("guest-info", info("guest-exec"))
        self.assertIs(self.result(self.guest.supports("guest-exec")), True)
        self.agent.hang_up()
        self.clock.advance(1.0)
        self.agent.flush()
        self.agent.answer("guest-info", info())
        self.assertIs(self.result(self.guest.supports("guest-exec")), False)

    def test_require(self) -> None:
        """
        What is required and missing is an error that names it.
        """
        self.agent.answer("guest-info", info("guest-ping"))
        self.assertIs(self.result(self.guest.require("guest-ping")), None)
        wrong = self.failure(self.guest.require("guest-ping", "guest-exec"), CommandNotFound)
        self.assertEqual(wrong.command, "guest-exec")

    def test_capabilities(self) -> None:
        """
        What the agent can do is told whole; nonsense is refused.
        """
        self.agent.answer("guest-info", info("guest-ping"))
        self.assertEqual(self.result(self.guest.capabilities()).version, "9.2.0")
        self.agent.answer("guest-info", 5)
        self.failure(self.guest.capabilities(), Misfit)
