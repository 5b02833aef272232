"""What a guest expects of a session, as tests that any session passes."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, OutcomeUnknown
from txqga.mux._agent_session import AgentSession
from txqga.session import Status
from txqga.wire import JSON, Success


class SessionInterface(SynchronousTestCase):
    """What a guest expects of a session; each kind of session says how its agent is moved."""

    clock: Clock
    session: AgentSession

    def come(self) -> None:
        """The session is started, and the agent is there."""
        raise NotImplementedError

    def say(self, value: JSON) -> None:
        """The agent answers the command that was written."""
        raise NotImplementedError

    def refuse(self, error: CommandFailed) -> None:
        """The agent refuses the command that was written."""
        raise NotImplementedError

    def hang(self) -> None:
        """The agent says nothing for so long that the command is given up."""
        raise NotImplementedError

    def say_late(self, value: JSON) -> None:
        """The agent answers the command that was given up."""
        raise NotImplementedError

    def go(self) -> None:
        """The agent goes, and cannot be connected to."""
        raise NotImplementedError

    def call(self, command: str = "guest-exec") -> Deferred[JSON]:
        return self.session.call(command, {"path": "/x"}, deadline=600.0, cap=600.0)

    def test_before(self) -> None:
        """
        Before it is started a session is not ready, and says why.
        """
        self.assertFalse(self.session.status.state.is_ready)
        why = self.failureResultOf(self.call(), AgentUnavailable).value
        self.assertEqual(why.state, self.session.status.state.value)
        self.assertEqual(why.reason, self.session.status.reason)

    def test_comes(self) -> None:
        """
        Whoever subscribed is told when the agent comes and goes, and not any more afterwards.
        """
        told: list[Status] = []
        unsubscribe = self.session.subscribe(told.append)
        self.come()
        self.assertTrue(told[-1].state.is_ready)
        self.go()
        self.assertFalse(told[-1].state.is_ready)
        count = len(told)
        unsubscribe()
        self.session.stop()
        self.assertEqual(len(told), count)

    def test_answer(self) -> None:
        """
        A call has the agent's answer; while it runs the session is ready, and busy.
        """
        self.come()
        call = self.call()
        self.assertNoResult(call)
        self.assertTrue(self.session.status.state.is_ready)
        self.assertEqual(self.session.status.state.value, "busy")
        self.say({"pid": 7})
        self.assertEqual(self.successResultOf(call), {"pid": 7})
        self.assertEqual(self.session.status.state.value, "ready")

    def test_refusal(self) -> None:
        """
        A refusal keeps its class and its words.
        """
        self.come()
        for error in (CommandFailed("no"), CommandNotFound("what?")):
            call = self.call()
            self.refuse(error)
            why = self.failureResultOf(call, type(error)).value
            self.assertEqual((type(why), why.desc), (type(error), error.desc))

    def test_unknown(self) -> None:
        """
        A call that was given up is settled by the late answer.
        """
        self.come()
        call = self.call()
        self.hang()
        why = self.failureResultOf(call, OutcomeUnknown).value
        settled = why.outcome.settled()
        self.assertNoResult(settled)
        self.say_late({"pid": 7})
        reply = self.successResultOf(settled)
        assert isinstance(reply, Success)
        self.assertEqual(reply.value, {"pid": 7})

    def test_goes(self) -> None:
        """
        When the agent goes nobody knows what became of a call, and the next one is not written.
        """
        self.come()
        call = self.call()
        self.go()
        self.failureResultOf(call, OutcomeUnknown)
        self.assertFalse(self.session.status.state.is_ready)
        self.failureResultOf(self.call(), AgentUnavailable)

    def test_stop(self) -> None:
        """
        A session that is stopped is closed.
        """
        self.come()
        stopped = self.session.stop()
        self.settle()
        self.successResultOf(stopped)
        self.assertEqual(self.session.status.state.value, "closed")

    def settle(self) -> None:
        """Let what is under way come to its end."""
