"""A guest, for programs that want something of one."""

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

import txqga
from tests.guest._case import GuestCase
from txqga.errors import AgentUnavailable
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
        for where in ("nowhere:5", "", "unix"):
            self.assertRaises(ValueError, Guest.connect, self.reactor, where)

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
