"""The freezes of one session, with a scripted agent behind it."""

from random import Random

from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable, CommandFailed
from txqga.fsfreeze._lease import Stage
from txqga.fsfreeze._quiesce import while_frozen
from txqga.fsfreeze._session import SessionFreezes
from txqga.fsfreeze._terms import Terms
from txqga.session import Session
from txqga.testing import ScriptedAgent


class SessionFreezesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.agent = Clock(), ScriptedAgent()
        self.frozen = False
        self.agent.answer("guest-fsfreeze-status", lambda _: "frozen" if self.frozen else "thawed")
        self.agent.answer("guest-fsfreeze-freeze", lambda _: self.set(True))
        self.agent.answer("guest-fsfreeze-thaw", lambda _: self.set(False))
        self.session = Session(self.clock, self.agent, name="db1", random=Random(7))
        self.freezes = SessionFreezes(self.clock, self.session, terms=Terms(lease=60))
        self.session.start()
        self.flow()

    def set(self, frozen: bool) -> int:
        changed, self.frozen = self.frozen is not frozen, frozen
        return int(changed)

    def flow(self, seconds: float = 0) -> None:
        for _ in range(3):
            self.agent.flush()
            self.clock.advance(seconds / 3)
            self.agent.flush()

    @property
    def stage(self) -> Stage:
        return self.freezes.freezes.standing.stage

    def test_hurry(self) -> None:
        """
        A guest that may be frozen is not kept waiting for its thaw by a session that has tried in
        vain for a while: as soon as there is an agent again it is thawed.
        """
        frozen = self.freezes.freezer("backup").freeze()
        self.flow()
        self.assertEqual(self.successResultOf(frozen), 1)
        self.agent.unreachable = OSError("away")
        self.agent.hang_up()
        for _ in range(300):
            self.flow(1)
        self.assertEqual((self.stage, self.frozen), (Stage.THAWING, True))
        self.agent.unreachable = None
        self.flow(1)
        self.flow()
        self.assertFalse(self.frozen)
        self.assertIs(self.stage, Stage.LAPSED)
        self.agent.unreachable = OSError("away")
        self.agent.hang_up()
        before = len(self.agent.connections)
        for _ in range(300):
            self.flow(1)
        self.agent.unreachable = None
        self.flow(1)
        self.assertEqual(len(self.agent.connections), before)

    def test_while_frozen(self) -> None:
        """
        A guest holds still while the work is done, and not any longer.
        """
        work: Deferred[str] = Deferred()
        done = while_frozen(self.freezes.freezer("backup"), lambda: work)
        self.flow()
        self.assertTrue(self.frozen)
        work.callback("copied")
        self.flow()
        self.assertEqual(self.successResultOf(done), "copied")
        self.assertFalse(self.frozen)
        self.assertEqual(
            self.agent.executed,
            [
                "guest-fsfreeze-status",
                "guest-fsfreeze-freeze",
                "txqga-freeze-lease",
                "guest-fsfreeze-thaw",
            ],
        )

    def test_deadline(self) -> None:
        """
        A guest whose holder never ends its work is thawed in time.
        """
        work: Deferred[None] = Deferred()
        done = while_frozen(self.freezes.freezer("backup"), lambda: work)
        self.flow()
        self.flow(60)
        self.assertFalse(self.frozen)
        self.assertIs(self.stage, Stage.LAPSED)
        work.callback(None)
        self.flow()
        self.failureResultOf(done, CommandFailed)

    def test_found_frozen(self) -> None:
        """
        A guest that was frozen by somebody else before is thawed in time, too.
        """
        self.frozen = True
        self.agent.hang_up()
        self.flow(3)
        self.assertIs(self.stage, Stage.FROZEN)
        self.flow(60)
        self.assertFalse(self.frozen)

    def test_stop(self) -> None:
        """
        A host that stops leaves nothing frozen.
        """
        work: Deferred[None] = Deferred()
        done = while_frozen(self.freezes.freezer("backup"), lambda: work)
        self.flow()
        stopped = Deferred.fromCoroutine(self.freezes.stop())
        self.flow()
        self.successResultOf(stopped)
        self.assertFalse(self.frozen)
        self.assertIs(self.stage, Stage.LAPSED)
        work.callback(None)
        self.flow()
        self.failureResultOf(done, CommandFailed, AgentUnavailable)

    def test_stop_impatient(self) -> None:
        """
        A host that stops does not wait for ever.
        """
        done = while_frozen(self.freezes.freezer("backup", 30), lambda: succeed(None))
        self.agent.hangs = True
        self.flow()
        stopped = Deferred.fromCoroutine(self.freezes.stop(5))
        self.flow(6)
        self.successResultOf(stopped)
        self.failureResultOf(done, AgentUnavailable)
