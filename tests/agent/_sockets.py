"""Sockets that are only in memory, and a reactor that never polls them."""

import socket
from collections.abc import Callable
from errno import EAGAIN
from typing import Any, cast

from twisted.internet.error import ConnectionDone
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.agent.agent import IReactorForAgent


class FakeSocket:
    """
    A connected socket that is not.

    ``unread`` is what the peer sent, ``sent`` what it will read, and ``room`` how many octets fit
    until it does.
    """

    def __init__(self, room: int = 1 << 20) -> None:
        self.unread: list[bytes] = []
        self.sent = b""
        self.room = room
        self.fault: OSError | None = None
        self.closed = False

    def setblocking(self, blocking: bool) -> None:
        assert not blocking

    def fileno(self) -> int:
        return -1 if self.closed else 7

    def recv(self, size: int) -> bytes:
        if not self.unread:
            raise BlockingIOError(EAGAIN, "nothing to read")
        return self.unread.pop(0)

    def send(self, data: bytes) -> int:
        if self.fault is not None:
            raise self.fault
        if not self.room:
            raise BlockingIOError(EAGAIN, "no room")
        taken = bytes(data[: self.room])
        self.sent += taken
        self.room -= len(taken)
        return len(taken)

    def shutdown(self, how: int) -> None:
        """A socket is shut down before it is closed."""

    def close(self) -> None:
        self.closed = True


class FakeListening:
    """A listening socket, and the ``clients`` who wait to be accepted, sockets or errors."""

    def __init__(self) -> None:
        self.clients: list[FakeSocket | OSError] = []
        self.closed = False

    def fileno(self) -> int:
        return -1 if self.closed else 6

    def accept(self) -> tuple[FakeSocket, str]:
        if not self.clients:
            raise BlockingIOError(EAGAIN, "nobody")
        client = self.clients.pop(0)
        if isinstance(client, OSError):
            raise client
        return client, ""

    def close(self) -> None:
        self.closed = True


def real(fake: FakeSocket | FakeListening) -> socket.socket:
    """Pass a fake for what it stands for."""
    return cast(socket.socket, fake)


@implementer(IReactorForAgent)
class Reactor(MemoryReactorClock):
    """
    A reactor whose descriptors are polled by hand.

    Like the real ones, it asks nothing of a descriptor that it does not watch.
    """

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kw: object) -> None:
        """Call it, there being one thread only."""
        callable(*args, **kw)

    def readable(self, descriptor: Any) -> None:
        """Let ``descriptor`` read, if it is watched."""
        if descriptor in self.getReaders():
            self._did(descriptor, descriptor.doRead)

    def writable(self, descriptor: Any) -> None:
        """Let ``descriptor`` write, if it is watched."""
        if descriptor in self.getWriters():
            self._did(descriptor, descriptor.doWrite)

    def _did(self, descriptor: Any, do: Callable[[], Any]) -> None:
        why = do()
        if why is None:
            return
        self.removeReader(descriptor)
        if isinstance(why, ConnectionDone) and do == descriptor.doRead:
            descriptor.readConnectionLost(Failure(why))
        else:
            self.removeWriter(descriptor)
            descriptor.connectionLost(Failure(why))
