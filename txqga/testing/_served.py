"""A scripted agent at a UNIX socket, for programs that know nothing of what is in memory here."""

from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXServerEndpoint
from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.testing._scripted import ScriptedAgent


class _Far(Protocol):
    """The agent's side of a connection: what it says goes out."""

    def __init__(self, near: "_Near") -> None:
        self._near = near

    def dataReceived(self, data: bytes) -> None:
        if self._near.transport is not None:
            self._near.transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._near.transport is not None:
            self._near.transport.loseConnection()


class _Near(Protocol):
    """The program's side: what it says goes in."""

    def __init__(self, agent: ScriptedAgent) -> None:
        self._agent = agent
        self._far = _Far(self)

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

    def buildProtocol(self, address: object) -> _Near:
        return _Near(self._agent)


def serve(reactor: Any, agent: ScriptedAgent, path: Path) -> Deferred[IListeningPort]:
    """
    Let an agent be reached at a UNIX socket, by one client at a time, as QEMU's channel does.

    :param reactor: provides ``IReactorUNIX``.
    :return: fires with the port; fails with :class:`twisted.internet.error.CannotListenError`.
    """
    listening: Deferred[IListeningPort] = UNIXServerEndpoint(reactor, str(path)).listen(
        _Factory(agent)
    )
    return listening
