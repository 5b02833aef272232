"""The scripted agent of :mod:`txqga.testing`, at a UNIX socket, for programs."""

from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXServerEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.testing import ScriptedAgent


class Far(Protocol):
    """The agent's side of a connection: what it says goes out."""

    def __init__(self, near: "Near") -> None:
        self._near = near

    def dataReceived(self, data: bytes) -> None:
        if self._near.transport is not None:
            self._near.transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._near.transport is not None:
            self._near.transport.loseConnection()


class Near(Protocol):
    """The program's side: what it says goes in."""

    def __init__(self, agent: ScriptedAgent) -> None:
        self._agent = agent
        self._far = Far(self)

    def connectionMade(self) -> None:
        self._agent.connect(Factory.forProtocol(lambda: self._far))
        self._agent.flush()

    def dataReceived(self, data: bytes) -> None:
        if self._far.transport is not None:
            self._far.transport.write(data)
        self._agent.flush()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._far.transport is not None:
            self._far.transport.loseConnection()
        self._agent.flush()


class _Factory(Factory):
    noisy = False

    def __init__(self, agent: ScriptedAgent) -> None:
        self._agent = agent

    def buildProtocol(self, address: object) -> Near:
        return Near(self._agent)


def serve(agent: ScriptedAgent, path: Path) -> "Deferred[Any]":
    """
    Let an agent be reached at a socket.

    :return: fires with the port.
    """
    listening: Deferred[Any] = UNIXServerEndpoint(reactor, str(path)).listen(_Factory(agent))
    return listening
