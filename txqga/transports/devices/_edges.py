"""
A descriptor that tells what has changed, and only that.

To poll, a virtio port without a host is for ever readable and hung up, and reading it gives
nothing. So it is in an epoll of its own, edge-triggered, and who waits for it waits for that one:
there is one wake when the host comes or goes, and none in between.
"""

import os
from select import EPOLLERR, EPOLLET, EPOLLHUP, EPOLLIN, EPOLLOUT, epoll

BROKEN = EPOLLERR  #: a terminal was hung up: it says so for ever
PROMPT = EPOLLOUT | EPOLLHUP | EPOLLERR  #: a write may go differently now

_EDGES = EPOLLIN | EPOLLOUT | EPOLLET


class Edges:
    """
    An open descriptor.

    :param descriptor: does not block; closed with this, or if this cannot be made.
    :raise OSError: there are too many open already.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        try:
            self._epoll = epoll(1)
        except OSError:
            os.close(descriptor)
            raise
        try:
            self._epoll.register(descriptor, _EDGES)
        except PermissionError:
            # /dev/null, say: nobody will ever be at the other end.
            self._changes = False
        else:
            self._changes = True

    def fileno(self) -> int:
        """Return what can be read from when something has changed; -1 when closed."""
        return -1 if self._epoll.closed else self._epoll.fileno()

    def changed(self) -> int:
        """Return how things are, as poll(2) has it, if that has changed since the last time."""
        for _, events in self._epoll.poll(0, 1):
            return events
        return 0

    def look_again(self) -> None:
        """Count as changed what there is already."""
        if self._changes and not self._epoll.closed:
            self._epoll.modify(self._descriptor, _EDGES)

    def read(self, size: int) -> bytes:
        """
        Read; nothing is read where nobody is at the other end.

        :raise BlockingIOError: there is nothing yet; a change will tell.
        :raise OSError: it has gone.
        """
        return os.read(self._descriptor, size)

    def write(self, data: memoryview) -> int:
        """
        Write, and return how many octets were taken.

        :raise BlockingIOError: none is now; a change will tell.
        :raise OSError: it has gone.
        """
        return os.write(self._descriptor, data)

    def close(self) -> None:
        """Close it."""
        self._epoll.close()
        os.close(self._descriptor)
