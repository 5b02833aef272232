"""A guest, for programs that want something of one."""

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

import txqga
from tests.guest._case import GuestCase, info
from txqga.errors import AgentUnavailable, CommandNotFound, Misfit, OutcomeUnknown
from txqga.guest import Guest
from txqga.session import State
from txqga.testing import ScriptedAgent


class GuestTests(GuestCase):
    def test_promised(self) -> None:
        """
        It is found where people look first.
        """
        self.assertIs(txqga.Guest, Guest)
        self.assertRaises(AttributeError, getattr, txqga, "Gust")

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

    def test_how_it_is(self) -> None:
        """
        It tells how its agent is.
        """
        self.assertEqual((self.guest.name, self.guest.epoch), ("db1", 1))
        self.assertEqual(self.guest.status.state, State.READY)
        told: list[State] = []
        stop = self.guest.subscribe(lambda status: told.append(status.state))
        self.agent.hang_up()
        self.assertEqual(told, [State.ABSENT])
        stop()
        self.clock.advance(1.0)
        self.agent.flush()
        self.assertEqual((told, self.guest.epoch), ([State.ABSENT], 2))

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


class WaitTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.agent = ScriptedAgent(runs=False)
        self.guest = Guest.connect(self.clock, self.agent, name="db1")
        self.agent.flush()

    def test_ready(self) -> None:
        """
        Whoever waits is told when the agent can be asked.
        """
        waiting = self.guest.wait_ready(30)
        self.agent.start()
        self.agent.flush()
        self.assertIs(self.successResultOf(waiting), None)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertIs(self.successResultOf(self.guest.wait_ready()), None)

    def test_too_long(self) -> None:
        """
        When the time is over, it is told how the agent is.
        """
        waiting = self.guest.wait_ready(3)
        self.clock.advance(3)
        why = self.failureResultOf(waiting, AgentUnavailable).value
        assert isinstance(why, AgentUnavailable)
        self.assertEqual(why.state, "syncing")
        self.assertIn("(waited for 3 s)", why.reason)

    def test_cancelled(self) -> None:
        """
        Who waits no more is told so.
        """
        for waiting in (self.guest.wait_ready(), self.guest.wait_ready(5)):
            waiting.cancel()
            self.failureResultOf(waiting, CancelledError)

    def test_closed(self) -> None:
        """
        A guest that is closed will not be ready, and has no connection.
        """
        waiting = self.guest.wait_ready()
        closed = self.guest.close()
        self.failureResultOf(waiting, AgentUnavailable)
        self.agent.flush()
        self.assertIs(self.successResultOf(closed), None)
        self.assertEqual(self.guest.status.state, State.CLOSED)

    def test_context(self) -> None:
        """
        It can be had for a block of code; then it is closed, whatever happens in there.
        """

        async def use() -> None:
            async with self.guest as guest:
                self.assertIs(guest, self.guest)
                raise ZeroDivisionError

        used = Deferred.fromCoroutine(use())
        self.agent.flush()
        self.failureResultOf(used, ZeroDivisionError)
        self.assertEqual(self.guest.status.state, State.CLOSED)


class WhereTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()

    def paths(self) -> list[str]:
        return [address for address, *_ in self.reactor.unixClients]

    def test_description(self) -> None:
        """
        Where the agent is can be said as a description of an endpoint.
        """
        Guest.connect(self.reactor, "unix:/run/qga/db1.sock")
        self.assertEqual(self.paths(), ["/run/qga/db1.sock"])

    def test_no_description(self) -> None:
        """
        What is no description is refused at once.
        """
        self.assertRaises(ValueError, Guest.connect, self.reactor, "nowhere:5")

    def test_at_mux(self) -> None:
        """
        A guest of the mux is found by its name.
        """
        self.assertEqual(Guest.at_mux(self.reactor, "db1").name, "db1")
        Guest.at_mux(self.reactor, "db2", folder="/tmp/guests")
        self.assertEqual(self.paths(), ["/run/txqga/db1.sock", "/tmp/guests/db2.sock"])

    def test_no_name(self) -> None:
        """
        A name that would lead elsewhere is refused.
        """
        for name in ("", "..", "../db1", "a/b", "db1\n"):
            self.assertRaises(ValueError, Guest.at_mux, self.reactor, name)
