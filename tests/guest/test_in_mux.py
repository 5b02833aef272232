"""A guest of a mux in this process."""

from random import Random
from typing import Any, cast

from attrs import define
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable, CommandFailed, GroupFailed, OutcomeUnknown
from txqga.fsfreeze import while_frozen
from txqga.guest import Guest
from txqga.guest import while_frozen as guests_while_frozen
from txqga.mux import Caller, Events, Mux
from txqga.mux import Guest as MuxGuest
from txqga.session import Session, State
from txqga.testing import ScriptedAgent


@define
class Shared:
    """As much of a mux as has guests: no service, no sockets."""

    guests: dict[str, MuxGuest]
    events: Events


class InMuxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.agent = ScriptedAgent(runs=False)
        self.agent.answer("guest-fsfreeze-status", "thawed")
        session = Session(self.clock, self.agent, name="db1", random=Random(7))
        events = Events()
        self.shared = MuxGuest(self.clock, "db1", session, events=events)
        self.mux = Shared({"db1": self.shared}, events)
        self.caller = Caller("a test")
        self.guest = Guest.of_mux(self.clock, cast("Mux", self.mux), "db1", self.caller)
        self.shared.start()

    def run_all(self) -> None:
        """Let everything happen that can at once."""
        for _ in range(9):
            self.agent.flush()
            self.clock.advance(0)

    def ready(self) -> None:
        self.agent.start()
        self.run_all()
        self.assertEqual(self.guest.status.state, State.READY)

    def failure(self, asked: Deferred[Any], kind: type[Exception]) -> Any:
        self.run_all()
        return self.failureResultOf(asked, kind).value

    def test_call(self) -> None:
        """
        It is asked as any guest, in its turn.
        """
        self.ready()
        self.agent.answer("guest-get-host-name", {"host-name": "db1"})
        asked = self.guest.get_host_name()
        self.run_all()
        self.assertEqual(self.successResultOf(asked).host_name, "db1")
        self.agent.answer("guest-exec", CommandFailed("no"))
        self.assertEqual(self.failure(self.guest.exec("ls"), CommandFailed).desc, "no")

    def test_not_ready(self) -> None:
        """
        While the agent is away, calls fail with the reason.
        """
        self.assertEqual(self.failure(self.guest.ping(), AgentUnavailable).state, "syncing")

    def test_wait(self) -> None:
        """
        Whoever waits for the agent is told when it is there.
        """
        waiting, left = self.guest.wait_ready(), self.guest.wait_ready()
        left.cancel()
        self.failureResultOf(left, CancelledError)
        self.assertNoResult(waiting)
        self.ready()
        self.assertIs(self.successResultOf(waiting), None)
        self.assertIs(self.successResultOf(self.guest.wait_ready(1)), None)

    def test_subscribe(self) -> None:
        """
        Each new status is told, to those who want to hear it; another connection is another epoch.
        """
        told: list[State] = []
        stop = self.guest.subscribe(lambda status: told.append(status.state))
        self.ready()
        self.assertEqual(told[-1], State.READY)
        epoch = self.guest.epoch
        self.agent.hang_up()
        self.run_all()
        self.assertEqual(told[-1], State.ABSENT)
        self.assertGreater(self.guest.epoch, epoch)
        count = len(told)
        stop()
        stop()
        self.clock.advance(1)
        self.run_all()
        self.assertEqual(self.guest.status.state, State.READY)
        self.assertEqual(len(told), count)

    def test_deadline(self) -> None:
        """
        What takes longer than the caller has may have run; the cap goes before the deadline.
        """
        self.ready()
        self.agent.hangs = True
        asked = self.guest.exec("ls", deadline=1.0, cap=3.0)
        self.run_all()
        self.clock.advance(2.9)
        self.assertNoResult(asked)
        self.clock.advance(0.1)
        why = self.failureResultOf(asked, OutcomeUnknown).value
        assert isinstance(why, OutcomeUnknown)
        self.assertEqual(why.command_class, "once")

    def test_freezer(self) -> None:
        """
        It freezes as the mux does, whose lease it is.
        """
        self.ready()
        self.agent.answer("guest-fsfreeze-freeze", 2)
        self.agent.answer("guest-fsfreeze-thaw", 2)
        work: Deferred[None] = Deferred()
        done = while_frozen(self.guest.freezer("backup"), lambda: work)
        self.run_all()
        self.assertEqual(self.guest.status.state, State.FROZEN)
        work.callback(None)
        self.run_all()
        self.successResultOf(done)
        self.assertIn("guest-fsfreeze-freeze", self.agent.executed)
        self.assertEqual(self.agent.executed[-1], "guest-fsfreeze-thaw")

    def test_removed(self) -> None:
        """
        A guest that the mux has no more is absent.
        """
        self.ready()
        del self.mux.guests["db1"]
        self.assertEqual(self.guest.status.state, State.ABSENT)
        why = self.failure(self.guest.ping(), AgentUnavailable)
        self.assertEqual(why.reason, "the mux has no guest db1")
        self.assertRaises(AgentUnavailable, self.guest.freezer, "backup")
        done: Deferred[Any] = guests_while_frozen(
            self.clock, self.guest, lambda: self.fail("frozen"), owner="backup"
        )
        self.assertEqual(list(self.failure(done, GroupFailed).failures), ["db1"])

    def test_close(self) -> None:
        """
        Who closes it waits no more, and hears nothing more; the mux goes on.
        """
        waiting = self.guest.wait_ready()
        self.assertIs(self.successResultOf(self.guest.close()), None)
        self.failureResultOf(waiting, AgentUnavailable)
        self.ready()
