"""
Between host and guest, and back.

A machine can talk to itself where its kernel has ``vsock_loopback``; elsewhere it takes a host
and a guest, and these tests are skipped.
"""

import contextlib
import socket
from typing import Any
from unittest import SkipTest

from twisted.internet import reactor as _reactor
from twisted.internet.endpoints import clientFromString, serverFromString
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, AgentProcess, require
from txqga.session import Session
from txqga.transports import ANY_CID, connecting_vsock, listening_vsock

reactor: Any = _reactor

LOCAL = 1  #: VMADDR_CID_LOCAL


def free_port() -> int:
    """
    A port that nobody listens on.

    :raise SkipTest: this machine cannot talk to itself.
    """
    try:
        with listening_vsock(LOCAL, 0xFFFFFFFF) as listening:
            port: int = listening.getsockname()[1]
            with connecting_vsock(LOCAL, port) as connecting:
                connecting.settimeout(5)
                listening.settimeout(5)
                listening.accept()[0].close()
                connecting.recv(1)
    except OSError as why:
        raise SkipTest(f"no vsock_loopback in this kernel: {why}") from why
    return port


class Echo(Protocol):
    """Says what it hears."""

    def dataReceived(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)


class LoopbackTests(TestCase):
    timeout = PATIENCE

    async def test_agent(self) -> None:
        """
        A session talks to an agent that listens, and to it again after that was restarted.
        """
        port = free_port()
        address = f"{LOCAL}:{port}"
        agent = AgentProcess(require(OURS), "-m", "vsock-listen", "-p", address)
        self.addCleanup(agent.remove)
        agent.spawn()
        session = Session(reactor, clientFromString(reactor, f"vsock:{address}"))
        session.start()
        for number in range(2):
            await session.when_ready()
            self.assertEqual(await session.call("guest-sync", {"id": number}), number)
            self.assertEqual(agent.stop(), 0)
            agent.spawn()
        await session.stop()

    async def test_endpoints(self) -> None:
        """
        A client and a server find each other by their descriptions.
        """
        port = free_port()
        server = serverFromString(reactor, f"vsock:{ANY_CID}:{port}")
        listening = await server.listen(Factory.forProtocol(Echo))
        client = clientFromString(reactor, f"vsock:{LOCAL}:{port}")
        protocol = await client.connect(Factory.forProtocol(Echo))
        assert protocol.transport is not None
        self.assertEqual(protocol.transport.getPeer().port, port)
        protocol.transport.loseConnection()
        listening.stopListening()

    async def test_nobody(self) -> None:
        """
        Where nobody listens, connecting fails.
        """
        client = clientFromString(reactor, f"vsock:{LOCAL}:{free_port()}:timeout=20")
        with self.assertRaises(ConnectError):
            await client.connect(Factory.forProtocol(Echo))


class NowhereTests(TestCase):
    timeout = PATIENCE

    async def test_no_such_guest(self) -> None:
        """
        Connecting to a guest that does not exist fails, on any kernel.
        """
        client = clientFromString(reactor, "vsock:3735928559:1024:timeout=20")
        with self.assertRaises(ConnectError):
            await client.connect(Factory.forProtocol(Echo))

    def test_listening(self) -> None:
        """
        Where the kernel has such sockets, one that listens does not block.
        """
        with contextlib.ExitStack() as stack:
            try:
                made = stack.enter_context(listening_vsock(ANY_CID, 0xFFFFFFFF))
            except OSError as why:
                raise SkipTest(f"no vsock in this kernel: {why}") from why
            self.assertFalse(made.getblocking())
            self.assertEqual(made.family, socket.AF_VSOCK)
            self.assertRaises(BlockingIOError, made.accept)
