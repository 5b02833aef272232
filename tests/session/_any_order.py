"""A session and an agent to which anything may happen, as hypothesis thinks fit."""

import re
from collections.abc import Callable
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from tests.session._fencing import FencingAgent
from txqga.errors import AgentUnavailable, CommandFailed, FencedOff, OutcomeUnknown
from txqga.session import Session, SessionOptions, State
from txqga.session._fence import FRESH
from txqga.testing import SILENCE, ScriptedAgent
from txqga.wire import JSON, Success, decode

READS = ("guest-get-time", "guest-get-fsinfo")
CHANGES = ("guest-file-open", "guest-exec")
SYNC = "guest-sync-delimited"


class Asked:
    """One call, and what became of it."""

    def __init__(
        self, token: int, call: Deferred[JSON], name: str, seconds: Callable[[], float]
    ) -> None:
        self.token = token
        self.call = call
        self.name = name
        self.seconds = seconds
        self.ended_at = 0.0
        self.ends: list[object] = []
        self.settled: list[object] = []
        call.addBoth(self.ended)

    def ended(self, result: object) -> None:
        self.ends.append(result)
        self.ended_at = self.seconds()
        if isinstance(result, Failure):
            error = result.value
            if isinstance(error, OutcomeUnknown):
                error.outcome.settled().addCallback(self.settled.append)


class AnyOrder(RuleBasedStateMachine):
    """An agent that answers each command with the token in its arguments, if it answers."""

    ids = True

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.agent = self.make_agent()
        self.slow: list[Deferred[JSON]] = []
        self.mood = "prompt"
        for name in (*READS, *CHANGES):
            self.agent.answer(name, self.answer)
        self.session = Session(
            self.clock,
            self.agent,
            options=SessionOptions(window=3, queue=4, garbage=8),
            random=Random(3),
        )
        self.session.start()
        self.asked: list[Asked] = []
        self.began: dict[int, float] = {}

    def make_agent(self) -> ScriptedAgent:
        return ScriptedAgent(ids=self.ids)

    def answer(self, arguments: dict[str, JSON]) -> object:
        token = arguments["token"]
        self.began[token] = self.clock.seconds()
        if self.mood == "silent":
            return SILENCE
        if self.mood == "failing":
            return CommandFailed(f"token {token}")
        if self.mood == "slow":
            slow: Deferred[JSON] = Deferred()
            slow.addCallback(lambda _: token)
            self.slow.append(slow)
            return slow
        return token

    @rule(names=st.lists(st.sampled_from(READS + CHANGES), min_size=1, max_size=4))
    def call(self, names: list[str]) -> None:
        for name in names:
            token = len(self.asked)
            call = self.session.call(name, {"token": token})
            self.asked.append(Asked(token, call, name, self.clock.seconds))

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.asked)).call.cancel()

    @rule(mood=st.sampled_from(["prompt", "prompt", "silent", "failing", "slow"]))
    def change_mood(self, mood: str) -> None:
        self.mood = mood

    @precondition(lambda self: self.slow)
    @rule()
    def go_on(self) -> None:
        self.slow.pop(0).callback(None)

    @rule()
    def flush(self) -> None:
        self.agent.flush()

    @rule(seconds=st.sampled_from([0.25, 1.0, 5.0, 40.0]))
    def time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(hangs=st.booleans())
    def hang(self, hangs: bool) -> None:
        self.agent.hangs = hangs

    @rule()
    def restart(self) -> None:
        self.agent.kill()
        self.agent.start()

    @rule()
    def hang_up(self) -> None:
        self.agent.hang_up()

    @rule(
        octets=st.sampled_from(
            [
                b"noise\n",
                b'{"half": ',
                b"\xff",
                b"\xff" * 20,
                b"{}\n",
                b"noise\n" * 9,
                b'{"return": "stranger", "id": 5}\n',
                b'{"return": "stranger", "id": "0123456789ab.1.1"}\n',
            ]
        )
    )
    def garbage(self, octets: bytes) -> None:
        self.agent.say(octets)

    @precondition(lambda self: self.ids)
    @rule(
        octets=st.sampled_from(
            [
                b'{"return": "stranger"}\n',
                b'\xff{"return": 5}\n',
                b'{"error": {"class": "GenericError", "desc": "stranger"}}\n',
            ]
        )
    )
    def unlabelled(self, octets: bytes) -> None:
        self.agent.say(octets)

    @invariant()
    def no_reply_crosses(self) -> None:
        for asked in self.asked:
            for result in asked.ends:
                if isinstance(result, Failure):
                    error = result.value
                    if isinstance(error, FencedOff):
                        assert asked.token not in self.began
                    elif isinstance(error, CommandFailed):
                        assert error.desc == f"token {asked.token}"
                elif result is not None:
                    assert result == asked.token
            for reply in asked.settled:
                if isinstance(reply, Success):
                    assert reply.value == asked.token

    @invariant()
    def ends_once(self) -> None:
        assert all(len(asked.ends) <= 1 and len(asked.settled) <= 1 for asked in self.asked)

    @invariant()
    def commands_run_once(self) -> None:
        tokens = [arguments["token"] for _, arguments in self.agent.ran if "token" in arguments]
        assert len(tokens) == len(set(tokens))

    @invariant()
    def sync_first(self) -> None:
        for connection in self.agent.connections:
            lines = bytes(connection.written).splitlines()
            if lines:
                assert lines[0].startswith(b"\xff")
                assert SYNC.encode() in lines[0]
            opened = {decode(line.lstrip(b"\xff"))["execute"] for line in lines[:2]}
            assert opened <= {SYNC, "txqga-fence"}

    @invariant()
    def changes_fly_alone(self) -> None:
        flying = [call.command for call in self.session._flight._written.values()]
        assert len(flying) == 1 or not set(flying) & set(CHANGES), flying
        assert len(flying) <= (3 if self.ids else 1)

    @invariant()
    def refused_is_not_written(self) -> None:
        written = {
            int(token)
            for connection in self.agent.connections
            for token in re.findall(rb'"token": (\d+)', bytes(connection.written))
        }
        for asked in self.asked:
            unavailable = [
                end
                for end in asked.ends
                if isinstance(end, Failure) and isinstance(end.value, AgentUnavailable)
            ]
            assert not unavailable or asked.token not in written, asked.token

    def teardown(self) -> None:
        """
        In the end the agent behaves, and the session with it; or it is stopped.
        """
        self.agent.hangs = False
        self.mood = "prompt"
        for slow in self.slow:
            slow.callback(None)
        for _ in range(160):
            self.agent.flush()
            self.clock.advance(0.5)
        self.agent.flush()
        assert self.session.status.state is State.READY, self.session.status
        self.no_reply_crosses()
        assert all(len(asked.ends) == 1 for asked in self.asked)
        for asked in self.asked:
            end = asked.ends[0]
            unknown = isinstance(end, Failure) and isinstance(end.value, OutcomeUnknown)
            assert len(asked.settled) == unknown
        self.session.stop()
        self.agent.flush()
        assert self.clock.getDelayedCalls() == []


class AnyOrderOld(AnyOrder):
    """The same with an agent that knows no ids."""

    ids = False


class AnyOrderFenced(AnyOrder):
    """The same with an agent that knows fences."""

    def make_agent(self) -> ScriptedAgent:
        return FencingAgent(self.clock)

    @rule()
    def fence_elsewhere(self) -> None:
        assert isinstance(self.agent, FencingAgent)
        self.agent.newest = "another's"

    @rule(seconds=st.sampled_from([-0.5, 0.0, 30.0]))
    def drift(self, seconds: float) -> None:
        self.clock.advance(FRESH + 1)
        assert isinstance(self.agent, FencingAgent)
        self.agent.ahead += seconds

    @rule(name=st.sampled_from(CHANGES), seconds=st.sampled_from([0.25, 5.0, 40.0]))
    def give_up(self, name: str, seconds: float) -> None:
        """The agent hangs over a command, and goes on when nobody waits for it any more."""
        self.flush()
        self.hang(True)
        self.call([name])
        self.time(5.0)
        self.time(seconds)
        self.hang(False)
        self.flush()

    @invariant()
    def no_ghosts(self) -> None:
        for asked in self.asked:
            if asked.name in CHANGES and asked.token in self.began:
                for end in asked.ends:
                    if isinstance(end, Failure) and isinstance(end.value, OutcomeUnknown):
                        assert self.began[asked.token] <= asked.ended_at, asked.token

    @invariant()
    def refused_is_not_written(self) -> None:
        """What was refused for its fence was written, and has not run."""
        for asked in self.asked:
            for end in asked.ends:
                if isinstance(end, Failure) and isinstance(end.value, AgentUnavailable):
                    assert asked.token not in self.began
