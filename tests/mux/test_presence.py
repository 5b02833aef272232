"""Whether the agent is there."""

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import ScriptedSession
from txqga.errors import AgentUnavailable
from txqga.mux._presence import HOLD, PATIENCE, Presence
from txqga.session import State


class PresenceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.clock = self.session.clock
        self.presence = Presence(self.clock, self.session)

    def tell(self, state: State, reason: str = "the test says so") -> None:
        self.session.tell(state, reason)
        self.presence.changed()

    def why(self, sync: Deferred[None]) -> str:
        return str(self.failureResultOf(sync, AgentUnavailable).value)

    def test_there(self) -> None:
        """
        A sync is answered at once while the agent is there, frozen or not.
        """
        for state in (State.READY, State.BUSY, State.FROZEN):
            self.tell(state)
            self.successResultOf(self.presence.sync())
            self.assertIsNone(self.presence.unavailable())

    def test_not_there(self) -> None:
        """
        Where there is nothing to wait for, the reason is told at once.
        """
        for state in (State.ABSENT, State.HELD, State.CLOSED):
            self.tell(state, "no such file")
            words = f"the agent is {state.value}: no such file"
            self.assertEqual(self.why(self.presence.sync()), words)
            self.assertEqual(str(self.presence.unavailable()), words)

    def test_coming(self) -> None:
        """
        While the agent is connected to, a sync waits for it.
        """
        for state in (State.CONNECTING, State.SYNCING, State.DESYNCED):
            self.tell(state)
            sync = self.presence.sync()
            self.assertNoResult(sync)
            self.tell(State.SYNCING)
            self.assertNoResult(sync)
            self.tell(State.READY)
            self.successResultOf(sync)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_coming_in_vain(self) -> None:
        """
        A sync that waits is told when the agent will not come.
        """
        self.tell(State.CONNECTING)
        sync = self.presence.sync()
        self.tell(State.ABSENT, "no such file")
        self.assertEqual(self.why(sync), "the agent is absent: no such file")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_coming_too_slowly(self) -> None:
        """
        A sync waits for five seconds, and then learns what the mux is still waiting for.
        """
        self.tell(State.SYNCING, "connected")
        early = self.presence.sync()
        self.clock.advance(1)
        late = self.presence.sync()
        self.clock.advance(HOLD - 1)
        self.assertEqual(self.why(early), "the agent is syncing: connected")
        self.assertNoResult(late)
        self.clock.advance(1)
        self.why(late)

    def test_busy(self) -> None:
        """
        An agent that runs something has been heard of lately.
        """
        self.tell(State.READY)
        self.presence.started("guest-fsfreeze-freeze")
        self.clock.advance(PATIENCE - 1)
        self.successResultOf(self.presence.sync())

    def test_busy_for_long(self) -> None:
        """
        An agent that has said nothing for a while may be hung: a sync waits, and is told why.
        """
        self.tell(State.READY)
        self.presence.started("guest-fsfreeze-freeze")
        self.clock.advance(PATIENCE)
        sync = self.presence.sync()
        self.assertNoResult(sync)
        self.clock.advance(HOLD)
        # the command may be another client's, and is not named
        self.assertEqual(self.why(sync), "the agent is busy: a command has been running for 10 s")
        again = self.presence.sync()
        self.presence.finished()
        self.successResultOf(again)
        self.successResultOf(self.presence.sync())

    def test_cancel(self) -> None:
        """
        A client that goes does not wait any more.
        """
        self.tell(State.SYNCING)
        sync, other = self.presence.sync(), self.presence.sync()
        sync.cancel()
        self.failureResultOf(sync, CancelledError)
        self.tell(State.READY)
        self.successResultOf(other)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_there_unnoticed(self) -> None:
        """
        What nobody told the mux it still finds out when the wait is over.
        """
        self.tell(State.SYNCING)
        sync = self.presence.sync()
        self.session.ready()
        self.clock.advance(HOLD)
        self.successResultOf(sync)

    def test_idle(self) -> None:
        """
        Whoever waits until no command runs is told when the one that runs is over.
        """
        self.successResultOf(self.presence.idle())
        self.presence.started("guest-get-time")
        idle, impatient = self.presence.idle(), self.presence.idle()
        impatient.cancel()
        self.failureResultOf(impatient, CancelledError)
        self.assertNoResult(idle)
        self.presence.finished()
        self.successResultOf(idle)
