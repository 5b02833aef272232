"""A guest to ask."""

from pathlib import Path
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._target import PATIENCE, make_guest, ready, ready_guest
from txqga.cli._where import Where
from txqga.errors import AgentUnavailable
from txqga.guest import Guest
from txqga.session import Session
from txqga.testing import ScriptedAgent


class TargetTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor: Any = MemoryReactorClock()
        self.agent = ScriptedAgent()
        self.folder = Path(self.mktemp())
        self.folder.mkdir()

    def refused(self, where: Where, name: str | None) -> Any:
        return self.assertRaises(Complaint, make_guest, self.reactor, where, name, None)

    def made(self) -> Guest:
        session = Session(self.reactor, self.agent, name="db1")
        session.start()
        guest = Guest.of_session(self.reactor, session, stops=True)
        self.addCleanup(guest.close)
        return guest

    def test_no_such_guest(self) -> None:
        """
        A guest that the mux has not, and a mux that is not there, are told apart.
        """
        why = self.refused(Where(folder=self.folder), "db1")
        self.assertEqual((why.code, why.exit), ("no-such-guest", Exit.UNAVAILABLE))
        why = self.refused(Where(folder=self.folder / "none"), "db1")
        self.assertEqual((why.code, why.exit), ("no-mux", Exit.UNAVAILABLE))

    def test_elsewhere(self) -> None:
        """
        A guest of a mux on another host is not the one of the same name on this host.
        """
        (self.folder / "db1.sock").touch()
        why = self.refused(Where(folder=self.folder, control="https://mux.example"), "db1")
        self.assertEqual(why.exit, Exit.UNAVAILABLE)
        self.assertIn("run txqga there", str(why))
        self.assertEqual(self.reactor.unixClients, [])

    def test_impossible(self) -> None:
        """
        What cannot be a name, or an endpoint, is a mistake on the command line.
        """
        (self.folder / "-x.sock").touch()
        self.assertEqual(self.refused(Where(folder=self.folder), "-x").exit, Exit.USAGE)
        self.assertEqual(self.refused(Where(connect="nonsense"), None).exit, Exit.USAGE)

    def test_connects(self) -> None:
        """
        A guest is asked through the mux, or directly.
        """
        (self.folder / "db1.sock").touch()
        for where, name in ((Where(folder=self.folder), "db1"), (Where(connect="/a"), None)):
            guest = make_guest(self.reactor, where, name, 3.0)
            guest.close()
        self.assertEqual(
            [each[0] for each in self.reactor.unixClients], [str(self.folder / "db1.sock"), "/a"]
        )

    def test_ready(self) -> None:
        """
        An agent that answers is ready.
        """
        waiting = Deferred.fromCoroutine(ready(self.reactor, self.made(), None))
        self.agent.flush()
        self.assertIs(self.successResultOf(waiting), None)

    def test_no_hope(self) -> None:
        """
        An agent that is not there is not waited for.
        """
        self.agent.unreachable = FileNotFoundError(2, "no such file")
        waiting = Deferred.fromCoroutine(ready(self.reactor, self.made(), None))
        why: Any = self.failureResultOf(waiting, AgentUnavailable).value
        self.assertEqual(why.state, "absent")

    def test_mux_says(self) -> None:
        """
        What the mux says of an agent that is away is said as it is.
        """
        away = b'\xff{"error": {"class": "GenericError", "desc": "the agent is held: by ssh"}}\n'
        self.agent.answer("guest-sync-delimited", away)
        waiting = Deferred.fromCoroutine(ready(self.reactor, self.made(), None))
        self.agent.flush()
        while not waiting.called and self.reactor.seconds() < PATIENCE:
            self.reactor.advance(0.5)
            self.agent.flush()
        why: Any = self.failureResultOf(waiting, AgentUnavailable).value
        self.assertEqual((why.state, why.reason), ("held", "by ssh"))

    def test_silent(self) -> None:
        """
        An agent that does not answer is given up when the time is over.
        """
        self.agent.hangs = True
        waiting = Deferred.fromCoroutine(ready(self.reactor, self.made(), 2.0))
        self.agent.flush()
        self.assertNoResult(waiting)
        self.reactor.advance(2.0)
        self.failureResultOf(waiting, AgentUnavailable)

    def test_cancelled(self) -> None:
        """
        A guest is let go whatever happens.
        """

        async def use() -> None:
            async with ready_guest(self.reactor, Where(connect="/a"), None, None):
                raise AssertionError("it was never ready")

        using = Deferred.fromCoroutine(use())
        using.cancel()
        self.failureResultOf(using, CancelledError)
        self.assertEqual(self.reactor.getDelayedCalls(), [])
