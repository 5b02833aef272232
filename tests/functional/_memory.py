"""Our agent in this very process: octets in and out, without a socket or Twisted's reactor."""

import select
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from twisted.internet.defer import Deferred, execute
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IReactorFDSet, IReadDescriptor, IWriteDescriptor
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from zope.interface import implementer

from tests.functional._client import PATIENCE, Conversation, Gone
from tests.functional._oracle import DANGEROUS
from txqga.agent._config import Config
from txqga.agent._dispatch import Dispatcher
from txqga.agent._filter import CommandFilter
from txqga.agent._server import Conversation as Served
from txqga.agent._server import IChannel
from txqga.agent._state import StateFile
from txqga.agent.agent import IReactorForAgent, make_families
from txqga.agent.options import read
from txqga.agent.platform import Platform
from txqga.schema import extended

T = TypeVar("T")


class HereAndNow:
    """Runs what may block in the thread that asks: one that waits for the agent anyway."""

    def run(self, function: Callable[[], T]) -> Deferred[T]:
        return execute(function)


@implementer(IReactorFDSet)
class Poller:
    """As much of a reactor as the pipes and pids of programs need, and it runs when it is told."""

    def __init__(self) -> None:
        self._readers: list[IReadDescriptor] = []
        self._writers: list[IWriteDescriptor] = []

    def addReader(self, reader: IReadDescriptor) -> None:
        if reader not in self._readers:
            self._readers.append(reader)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        if writer not in self._writers:
            self._writers.append(writer)

    def removeReader(self, reader: IReadDescriptor) -> None:
        if reader in self._readers:
            self._readers.remove(reader)

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        if writer in self._writers:
            self._writers.remove(writer)

    def removeAll(self) -> list[IReadDescriptor | IWriteDescriptor]:
        raise NotImplementedError

    def getReaders(self) -> list[IReadDescriptor]:
        return self._readers

    def getWriters(self) -> list[IWriteDescriptor]:
        return self._writers

    def run(self) -> None:
        """Do what is there to be done, once, and wait for nothing."""
        poll = select.poll()
        readers = {reader.fileno(): reader for reader in self._readers}
        writers = {writer.fileno(): writer for writer in self._writers}
        for number in readers:
            poll.register(number, select.POLLIN)
        for number in writers:
            poll.register(number, select.POLLOUT)
        for number, event in poll.poll(0):
            if event & select.POLLIN:
                readers[number].doRead()
            elif event & select.POLLOUT and not event & select.POLLERR:
                writers[number].doWrite()
            else:
                (readers | writers)[number].connectionLost(Failure(ConnectionLost()))


class MemoryClient(Conversation):
    """A client of a :class:`MemoryAgent`."""

    def __init__(self, served: Served, reactor: Poller) -> None:
        self._served = served
        self._reactor = reactor
        self._transport = StringTransport()
        served.makeConnection(cast(IChannel, self._transport))  # type: ignore[no-untyped-call]

    def send(self, octets: bytes) -> None:
        self._reactor.run()
        self._served.dataReceived(octets)

    def line(self) -> bytes:
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in (written := bytes(self._transport.value())):
            if not self._reactor.getReaders() or time.monotonic() > deadline:
                raise Gone(f"nothing more is said after {written[:500]!r}")
            self._reactor.run()
        line, _, rest = written.partition(b"\n")
        self._transport.clear()
        self._transport.write(rest)
        return line

    def close(self) -> None:
        self._served.connectionLost()


class MemoryAgent:
    """
    An agent with the given words on its command line, and without what is dangerous.

    :param platform: the machine that it tells of; this one, if there is no other.
    """

    def __init__(self, *options: str, platform: Platform | None = None) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        words = ["-m", "unix-listen", "-p", "/nowhere", "-t", str(self.state)]
        words += ["-b", ",".join(DANGEROUS), *options]
        config = read("txqga-agent", words, {"QGA_CONF": "/nowhere"}, lambda config: ())
        assert isinstance(config, Config)
        self._reactor = Poller()
        self._families = make_families(
            cast(IReactorForAgent, self._reactor),
            config,
            StateFile.open(config.statedir),
            lambda: self._dispatcher.listing,
            lambda name, arguments: self._dispatcher.run(name, arguments),
            platform,
        )
        self._dispatcher = Dispatcher(
            extended(),
            self._families,
            CommandFilter(allowed=config.allow_rpcs, blocked=config.block_rpcs),
            elsewhere=HereAndNow(),
        )

    def connect(self) -> MemoryClient:
        """One more client; here nobody has to wait for another."""
        return MemoryClient(Served(self._dispatcher.answer, lambda: None), self._reactor)

    def remove(self) -> None:
        """Let go of everything."""
        for family in self._families:
            family.close()
        for file in self.state.iterdir():
            file.unlink()
        self.state.rmdir()
