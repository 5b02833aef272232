"""The parts of a session, joined as a session joins them, for tests of one part."""

from random import Random

from twisted.internet.task import Clock

from txqga.session import Counters
from txqga.session._backoff import Backoff
from txqga.session._calls import Calls
from txqga.session._conversation import Conversation, Words
from txqga.session._core import Core
from txqga.session._exchange import Asker
from txqga.session._fence import Fence
from txqga.session._flight import Flight
from txqga.session._link import Link
from txqga.session._queue import Queue
from txqga.session._silence import Ear
from txqga.session._standing import Standing
from txqga.testing import ScriptedAgent


class Bench:
    """The parts, and a scripted agent at the other end."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self.agent = ScriptedAgent()
        self.counters = Counters()
        self.ear = ear = Ear()
        self.standing = Standing(clock, "db1")
        self.link = Link(
            clock=clock,
            endpoint=self.agent,
            ear=ear,
            backoff=Backoff(initial=0.5, longest=30.0, random=random),
            counters=self.counters,
            timeout=30.0,
            name="db1",
            nonce="n",
        )
        self.fence = Fence(clock=clock, secret="s")
        self.calls = Calls(
            line=self.link,
            flight=Flight(clock=clock, ear=ear, counters=self.counters, window=2),
            queue=Queue(clock, 9),
            counters=self.counters,
            fence=self.fence,
            unavailable=self.standing.unavailable,
            garbage=3,
        )
        self.asker = Asker(
            clock=clock, ear=ear, link=self.link, random=random, timeout=5.0, fence=self.fence
        )
        self.core = Core(asker=self.asker, link=self.link, calls=self.calls, standing=self.standing)

    def join(self, machine: Words) -> None:
        """Let all parts speak to ``machine``."""
        self.link.host = self.calls.alarm = machine
        self.calls.flight.overdue = machine.overdue
        self.link.listen = lambda: Conversation(self.calls, machine, self.link.probe)

    @property
    def written(self) -> bytes:
        """What was written on the newest connection."""
        return bytes(self.agent.connections[-1].written)
