"""A guest whose agent is in memory, or is the test itself."""

from random import Random

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import ScriptedSession
from txqga.mux._callers import Caller
from txqga.mux._events import Events
from txqga.mux._guest import Guest
from txqga.mux._guest_options import GuestOptions
from txqga.session import Session, SessionOptions
from txqga.testing import ScriptedAgent


class GuestCase(SynchronousTestCase):
    """A guest that is ready, and whose agent is the test."""

    options = GuestOptions()

    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.clock: Clock = self.session.clock
        self.events = Events()
        self.guest = self.make_guest()
        self.guest.start()
        self.ready()
        self.ann, self.bob = Caller("ann"), Caller("bob")

    def make_guest(self) -> Guest:
        """Make the guest, not started."""
        return Guest(self.clock, "db1", self.session, self.options, self.events)

    def ready(self) -> None:
        """The agent is there, and says when it is asked that it is not frozen."""
        self.session.ready()
        self.clock.advance(0)
        self.session.answer("thawed")
        self.clock.advance(0)
        self.session.asked.remove("guest-fsfreeze-status")

    def tick(self) -> None:
        """Let everything happen that is due."""
        for _ in range(3):
            self.clock.advance(0)

    def answer(self, value: object = None) -> None:
        """The agent answers what it is asked first."""
        self.session.answer(value)
        self.tick()


class RealCase(SynchronousTestCase):
    """A guest with a real session, and a scripted agent behind a channel in memory."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.agent = ScriptedAgent()
        self.session = Session(
            self.clock,
            self.agent,
            name="db1",
            options=SessionOptions(verbatim=True),
            random=Random(7),
        )
        self.guest = Guest(self.clock, "db1", self.session)
        self.ann, self.bob = Caller("ann"), Caller("bob")

    def pass_time(self, seconds: float = 0.0) -> None:
        """Let time pass, and octets with it."""
        for _ in range(1 + round(seconds / 0.25)):
            self.agent.flush()
            self.clock.advance(0)
            self.agent.flush()
            self.clock.advance(0.25 if seconds else 0)
            self.agent.flush()
