"""A mux in front of one real agent, with a tap on the wire between them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Client
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import V7_2, AgentProcess, require
from tests.functional._tap import Tap

T = TypeVar("T")


class MuxCase(SynchronousTestCase):
    """
    A mux in front of one real agent, with a tap on the wire between them.

    A tap hides how the agent comes and goes; ``tapped`` says whether there is one.
    """

    series = V7_2
    options: tuple[str, ...] = ()
    tapped = True

    def setUp(self) -> None:
        self.agent = self.start_agent()
        self.channel = self.agent.socket
        if self.tapped:
            self.channel = self.agent.folder / "tap"
            self.tap = Tap(self.channel, self.agent.socket)
            self.tap.__enter__()
            self.addCleanup(self.tap.__exit__)
        self.mux = self.make_mux()
        self.addCleanup(self.mux.remove)
        self.mux.start()
        self.path = self.mux.socket("db1")

    def make_mux(self) -> MuxProcess:
        """Make the mux, not started."""
        return MuxProcess({"db1": self.channel}, *self.options)

    def start_agent(self) -> AgentProcess:
        """Start an agent, which goes at the end of the test."""
        agent = AgentProcess(require(self.series))
        self.addCleanup(agent.remove)
        agent.start()
        return agent

    def connect(self) -> Client:
        """A client, who goes at the end of the test."""
        client = self.mux.connect("db1")
        self.addCleanup(client.abandon)
        return client

    def file(self, content: bytes) -> Path:
        """Make a file for the agent."""
        path = self.agent.folder / "file"
        path.write_bytes(content)
        return path

    def until(self, found: Callable[[], T | None]) -> T:
        """Wait until ``found`` finds something, and return that."""
        deadline = time.monotonic() + PATIENCE
        while not (value := found()):
            self.assertLess(time.monotonic(), deadline, self.mux.complaints())
            time.sleep(0.005)
        return value

    def until_closed(self, path: Path) -> None:
        """Wait until the agent has closed a file."""
        self.until(lambda: str(path) not in self.agent.open_files().values())

    def until_gone(self, clients: int) -> None:
        """Wait until the mux has no more than so many clients."""
        self.until(lambda: accepted(self.path) <= clients)


def accepted(path: Path) -> int:
    """How many connections a listening UNIX socket has, accepted or waiting to be."""
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    connected = "03"
    return sum(row[-1] == str(path) and row[5] == connected for row in rows)
