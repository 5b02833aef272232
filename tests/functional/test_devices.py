"""Devices as transports: what the kernel really tells of them."""

import os
import shutil
from pathlib import Path
from typing import Any
from unittest import SkipTest

from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString, serverFromString
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, AgentProcess, require
from tests.functional._process import Process
from tests.functional._terminal import Terminal
from txqga.session import Session
from txqga.transports.devices import Device, DeviceAddress, Edges

reactor: Any = _reactor


class Watched(Protocol):
    """Lets a test wait for what it receives, and for its end."""

    def __init__(self) -> None:
        self.received = b""
        self.waiting: list[tuple[bytes, Deferred[None]]] = []
        self.lost: Deferred[None] = Deferred()
        self.reason: Failure | None = None

    def until(self, octets: bytes) -> Deferred[None]:
        """Wait until just this has been received, then forget it."""
        done: Deferred[None] = Deferred()
        self.waiting.append((octets, done))
        self._look()
        return done.addTimeout(PATIENCE, reactor)

    def dataReceived(self, data: bytes) -> None:
        self.received += data
        self._look()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.reason = reason
        self.lost.callback(None)

    def _look(self) -> None:
        if self.waiting and self.received == self.waiting[0][0]:
            self.received = b""
            self.waiting.pop(0)[1].callback(None)


class CountedEdges(Edges):
    """Counts how often the reactor was woken."""

    wakes = 0

    def changed(self) -> int:
        self.wakes += 1
        return super().changed()


class PortTests(TestCase):
    """
    A FIFO that is open for reading only is like a guest's port: while nobody has the other end
    open, it is hung up for ever, reading it gives nothing; and then somebody comes.
    """

    timeout = PATIENCE

    def setUp(self) -> None:
        self.path = self.mktemp()
        os.mkfifo(self.path)
        self.edges = CountedEdges(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK))
        self.protocol = Watched()
        address = DeviceAddress(self.path)
        self.device = Device(reactor, self.edges, self.protocol, address)
        self.device.start()
        self.addCleanup(self.close)

    def close(self) -> Deferred[None]:
        self.device.abortConnection()
        return self.protocol.lost

    def host(self) -> int:
        """Open the other end."""
        return os.open(self.path, os.O_WRONLY)

    async def turns(self, count: int) -> int:
        """Let the reactor look at everything that often; return how often the port woke it."""
        before = self.edges.wakes
        for _ in range(count):
            await deferLater(reactor, 0)
        return self.edges.wakes - before

    async def test_host_comes_and_goes(self) -> None:
        """
        Any number of hosts may come and go; that nobody is there costs nothing.
        """
        for number in range(50):
            said = b"host %d" % number
            host = self.host()
            os.write(host, said)
            await self.protocol.until(said)
            os.close(host)
            await self.turns(3)
            self.assertEqual(await self.turns(20), 0)
        self.assertLess(self.edges.wakes, 200)

    async def test_two_hosts_at_once(self) -> None:
        """
        A host that comes as another goes may be one with it: nothing is lost.
        """
        host = self.host()
        os.write(host, b"first")
        os.close(host)
        host = self.host()
        os.write(host, b"second")
        await self.protocol.until(b"firstsecond")
        os.close(host)

    async def test_paused(self) -> None:
        """
        While nothing is to be read, what arrives wakes nobody twice; then it is there.
        """
        self.device.pauseProducing()  # type: ignore[no-untyped-call]
        host = self.host()
        os.write(host, b"a")
        self.assertLessEqual(await self.turns(50), 1)
        self.device.resumeProducing()  # type: ignore[no-untyped-call]
        await self.protocol.until(b"a")
        os.close(host)

    async def test_much(self) -> None:
        """
        What arrives in pieces of a page arrives whole.
        """
        host = self.host()
        os.set_blocking(host, False)
        data = os.urandom(300_000)
        rest = memoryview(data)
        whole = self.protocol.until(data)
        while rest:
            try:
                rest = rest[os.write(host, rest[:4096]) :]
            except BlockingIOError:
                await deferLater(reactor, 0)
        await whole
        os.close(host)


class Keeper(Factory):
    """Makes a protocol for each time that a device is opened."""

    def __init__(self) -> None:
        self.next: Deferred[Watched] = Deferred()

    def buildProtocol(self, addr: IAddress | None) -> Watched:
        protocol = Watched()
        made, self.next = self.next, Deferred()
        reactor.callLater(0, made.callback, protocol)
        return protocol


class NullModem(Process):
    """Two serial lines with a cable between them."""

    def __init__(self) -> None:
        socat = shutil.which("socat")
        if socat is None:
            raise SkipTest("no socat on this machine")
        super().__init__([socat])
        self.ends = [self.folder / "a", self.folder / "b"]
        self.argv += [f"pty,rawer,link={end}" for end in self.ends]

    def ready(self) -> bool:
        return all(end.exists() for end in self.ends)


class EndpointTests(TestCase):
    timeout = PATIENCE

    async def test_line(self) -> None:
        """
        A serial line by its description: octets pass as they are, until it is hung up.
        """
        terminal = Terminal(raw=False)
        self.addCleanup(terminal.hang_up)
        protocol = Watched()
        endpoint = clientFromString(reactor, f"serial:{terminal.path}")
        await endpoint.connect(Factory.forProtocol(lambda: protocol))
        every = bytes(range(256))
        terminal.send(every)
        await protocol.until(every)
        assert protocol.transport is not None
        protocol.transport.write(every + b"\n")
        said = terminal.line() + b"\n" + terminal.line()
        self.assertEqual(said, every)
        terminal.hang_up()
        await protocol.lost
        assert protocol.reason is not None
        self.assertTrue(protocol.reason.check(ConnectionDone))

    async def test_opened_again(self) -> None:
        """
        A server is there again as soon as its device is.
        """
        path = Path(self.mktemp()).absolute()
        factory = Keeper()
        made = factory.next
        endpoint = serverFromString(reactor, f"virtio:{path}:retry=0.01")
        port = await endpoint.listen(factory)
        for _ in range(3):
            terminal = Terminal()
            path.symlink_to(terminal.path)
            protocol = await made
            made = factory.next
            terminal.send(b"hello")
            await protocol.until(b"hello")
            path.unlink()
            terminal.hang_up()
            await protocol.lost
        port.stopListening()

    async def test_session(self) -> None:
        """
        A session talks to an agent at the other end of a serial line.
        """
        cable = NullModem()
        self.addCleanup(cable.remove)
        cable.start()
        agent = AgentProcess(require(OURS), "-m", "isa-serial", "-p", str(cable.ends[0]))
        self.addCleanup(agent.remove)
        agent.spawn()
        session = Session(reactor, clientFromString(reactor, f"serial:{cable.ends[1]}"))
        session.start()
        await session.when_ready()
        for number in range(10):
            self.assertEqual(await session.call("guest-sync", {"id": number}), number)
        await session.stop()
