"""The real session and the scripted one do the same."""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError
from twisted.internet.task import Clock

from tests.mux import _session_interface
from tests.mux._session import ScriptedSession
from txqga.errors import CommandFailed
from txqga.session import Session, State
from txqga.testing import ScriptedAgent
from txqga.wire import JSON


class ScriptedSessionTests(_session_interface.SessionInterface):
    def setUp(self) -> None:
        self.scripted = ScriptedSession()
        self.clock = self.scripted.clock
        self.session = self.scripted

    def come(self) -> None:
        self.session.start()
        self.scripted.ready()

    def say(self, value: JSON) -> None:
        self.scripted.answer(value)

    def refuse(self, error: CommandFailed) -> None:
        self.scripted.refuse(error)

    def hang(self) -> None:
        self.outcome = self.scripted.lose()

    def say_late(self, value: JSON) -> None:
        self.outcome.late(value)

    def go(self) -> None:
        self.scripted.tell(State.ABSENT, "no such file")


class RealSessionTests(_session_interface.SessionInterface):
    def setUp(self) -> None:
        self.clock = Clock()
        self.agent = ScriptedAgent()
        self.agent.answer("guest-exec", lambda arguments: self.later())
        self.replies: list[Deferred[JSON]] = []
        self.session = Session(self.clock, self.agent, name="db1", random=Random(7))

    def later(self) -> Deferred[JSON]:
        self.replies.append(Deferred())
        return self.replies[-1]

    def come(self) -> None:
        self.session.start()
        self.agent.flush()

    def call(self, command: str = "guest-exec") -> Deferred[JSON]:
        call = super().call(command)
        self.agent.flush()
        return call

    def say(self, value: JSON) -> None:
        self.replies.pop().callback(value)
        self.agent.flush()

    def refuse(self, error: CommandFailed) -> None:
        self.replies.pop().errback(error)
        self.agent.flush()

    def hang(self) -> None:
        for _ in range(601):
            self.clock.advance(1.0)
            self.agent.flush()

    def say_late(self, value: JSON) -> None:
        self.say(value)
        for _ in range(60):
            self.clock.advance(1.0)
            self.agent.flush()

    def go(self) -> None:
        self.agent.unreachable = ConnectError()
        self.agent.hang_up()

    def settle(self) -> None:
        self.agent.flush()
