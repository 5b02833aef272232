"""``txqga wait``."""

from twisted.internet.defer import Deferred

from tests.cli._case import VerbCase
from txqga.cli.verbs._wait import wait
from txqga.errors import AgentUnavailable


class WaitTests(VerbCase):
    def test_there(self) -> None:
        """
        An agent that answers is not waited for.
        """
        run = self.start()
        self.done(wait.work(run, guest="db1", quiet=False))
        self.assertEqual(run.lines, ["db1 answers"])

    def test_comes(self) -> None:
        """
        An agent that comes later is waited for, and what is the matter meanwhile is said once.
        """
        run = self.start()
        guest = run.guests["db1"]
        guest.agent.unreachable = FileNotFoundError(2, "no such file")
        guest.agent.hang_up()
        waiting = Deferred.fromCoroutine(wait.work(run, guest="db1", quiet=False))
        for _ in range(20):
            guest.advance(0.5)
        self.assertNoResult(waiting)
        said = run.stderr.getvalue()
        self.assertEqual(said.count("db1: the agent is absent: there is no such socket"), 1)
        guest.agent.unreachable = None
        for _ in range(100):
            guest.advance(0.5)
        self.successResultOf(waiting)
        self.assertEqual(run.lines, ["db1 answers"])

    def test_in_vain(self) -> None:
        """
        When the time is over it is said how the agent is.
        """
        run = self.start()
        run.timeout = 3.0
        guest = run.guests["db1"]
        guest.agent.unreachable = FileNotFoundError(2, "no such file")
        guest.agent.hang_up()
        waiting = Deferred.fromCoroutine(wait.work(run, guest="db1", quiet=True))
        guest.advance(3.0)
        why = self.failureResultOf(waiting, AgentUnavailable).value
        self.assertIn("waited for 3 s", str(why))
        self.assertEqual(run.stderr.getvalue(), "")
