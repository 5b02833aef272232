"""Asking for a thaw until there is one."""

from collections.abc import Mapping

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Agent
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.fsfreeze._thaws import LONGEST, Thaws
from txqga.fsfreeze._wishes import STATUS, THAW
from txqga.wire import JSON


class ThawsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.agent = Clock(), Agent()
        self.ends: list[str] = []
        self.retries: list[str] = []
        self.thaws = Thaws(
            self.clock,
            self.agent.ask,
            lambda: self.ends.append("thawed"),
            lambda: self.retries.append("again"),
        )

    def now(self, *commands: str) -> None:
        self.assertEqual([each.command for each in self.agent.waiting], list(commands))

    def test_at_once(self) -> None:
        """
        A thaw that is answered is enough, whatever the answer says.
        """
        self.thaws.thaw()
        self.thaws.thaw()
        self.now(THAW)
        self.agent.answer(None)
        self.assertEqual(self.ends, ["thawed"])
        self.clock.advance(100)
        self.now()
        self.assertEqual(self.retries, [])

    def test_again(self) -> None:
        """
        One that fails is asked for again for ever, unless the guest says that it is thawed.
        """
        self.thaws.thaw()
        for _ in range(100):
            self.agent.fail(CommandFailed("failed to thaw"))
            self.now()
            self.clock.advance(LONGEST)
            self.agent.answer("frozen")
            self.now(THAW)
        self.agent.lose()
        self.clock.advance(LONGEST)
        self.agent.answer("thawed")
        self.assertEqual(self.ends, ["thawed"])
        self.assertEqual(len(self.retries), 100)

    def test_not_known(self) -> None:
        """
        An agent that takes no thaw is not frozen.
        """
        self.thaws.thaw()
        self.agent.fail(CommandNotFound("disabled"))
        self.assertEqual(self.ends, ["thawed"])

    def test_status_fails(self) -> None:
        """
        Where the guest does not say whether it is frozen it is thawed.
        """
        self.thaws.wait()
        self.now()
        self.clock.advance(1)
        for error in (CommandNotFound("disabled"), AgentUnavailable("absent", "gone")):
            self.now(STATUS)
            self.agent.fail(error)
            self.now(THAW)
            self.agent.fail(AgentUnavailable("absent", "gone"))
            self.clock.advance(2)
        self.assertEqual(self.ends, [])

    def test_ready(self) -> None:
        """
        An agent that is back is not left to wait.
        """
        self.thaws.thaw()
        self.agent.lose()
        self.thaws.again()
        self.clock.advance(0)
        self.now(STATUS)
        self.thaws.again()
        self.now(STATUS)

    def test_cancel(self) -> None:
        """
        What is cancelled takes back what was not written, and says nothing.
        """
        self.thaws.cancel()
        self.thaws.thaw()
        self.thaws.cancel()
        self.now()
        again = Thaws(self.clock, self.agent.ask, lambda: self.ends.append("thawed"))
        again.wait()
        again.cancel()
        self.assertEqual((self.ends, self.clock.getDelayedCalls()), ([], []))

    def test_broken(self) -> None:
        """
        What is a mistake of ours is logged as one.
        """

        def broken(command: str, arguments: Mapping[str, JSON]) -> "Deferred[JSON]":
            raise ZeroDivisionError

        Thaws(self.clock, broken, lambda: None).thaw()
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
