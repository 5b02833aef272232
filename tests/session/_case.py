"""A session and a scripted agent on one clock."""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import OutcomeUnknown
from txqga.session import Session, SessionOptions, State, Status
from txqga.testing import ScriptedAgent
from txqga.wire import JSON

STEP = 0.25


class SessionCase(SynchronousTestCase):
    """A session, not started, and a scripted agent at the other end of its endpoint."""

    options = SessionOptions()

    def setUp(self) -> None:
        self.clock = Clock()
        self.agent = ScriptedAgent()
        self.session = Session(
            self.clock, self.agent, name="db1", options=self.options, random=Random(7)
        )
        self.told: list[Status] = []
        self.session.subscribe(self.told.append)

    @property
    def state(self) -> State:
        return self.session.status.state

    @property
    def written(self) -> bytes:
        """What the host wrote on the newest connection."""
        return bytes(self.agent.connections[-1].written)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, in steps, and octets with it."""
        for _ in range(round(seconds / STEP)):
            self.clock.advance(STEP)
            self.agent.flush()

    def start(self) -> None:
        """Start the session, and give the agent the chance to answer."""
        self.session.start()
        self.agent.flush()

    def ready(self) -> None:
        """Start the session; it becomes ready."""
        self.start()
        self.assertEqual(self.state, State.READY)

    def ask(self, command: str = "guest-ping", **arguments: JSON) -> Deferred[JSON]:
        """Make a call with the session's own deadline."""
        return self.session.call(command, arguments)

    def unknown(self, call: Deferred[JSON]) -> OutcomeUnknown:
        """The error of a call whose outcome is unknown."""
        error = self.failureResultOf(call, OutcomeUnknown).value
        assert isinstance(error, OutcomeUnknown)
        return error
