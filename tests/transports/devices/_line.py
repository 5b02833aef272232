"""A device that is only in memory."""

from errno import EAGAIN
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT
from typing import cast

from txqga.transports.devices import Edges

HERE = EPOLLOUT  #: a host is connected, and has said nothing
DATA = EPOLLIN | EPOLLOUT
AWAY = EPOLLIN | EPOLLHUP  #: no host is connected
UNPLUGGED = EPOLLHUP
HUNG_UP = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP  #: a terminal


class FakeEdges:
    """
    A device as a guest sees it.

    ``unread`` is what the host sent: octets, read one item at a time, or errors; ``sent`` is what
    it will read, and ``room`` how many octets fit until it does. Without ``host`` reading gives
    nothing and writing waits.
    """

    def __init__(self) -> None:
        self.host = True
        self.room = 1 << 20
        self.unread: list[bytes | OSError] = []
        self.sent = b""
        self.fault: OSError | None = None
        self.looks = 0  #: how often somebody asked to look again
        self.closed = False
        self._change = HERE

    def changes(self, events: int) -> None:
        """Let the next look see a change."""
        self._change = events

    def fileno(self) -> int:
        return -1 if self.closed else 5

    def changed(self) -> int:
        events, self._change = self._change, 0
        return events

    def look_again(self) -> None:
        self.looks += 1

    def read(self, size: int) -> bytes:
        if self.unread:
            item = self.unread.pop(0)
            if isinstance(item, OSError):
                raise item
            if item[size:]:
                self.unread.insert(0, item[size:])
            return item[:size]
        if self.host:
            raise BlockingIOError(EAGAIN, "nothing yet")
        return b""

    def write(self, data: memoryview) -> int:
        if self.fault is not None:
            raise self.fault
        if not (self.room and self.host):
            raise BlockingIOError(EAGAIN, "no room")
        taken = bytes(data[: self.room])
        self.sent += taken
        self.room -= len(taken)
        return len(taken)

    def close(self) -> None:
        self.closed = True


def real(fake: FakeEdges) -> Edges:
    """Pass a fake for what it stands for."""
    return cast(Edges, fake)
