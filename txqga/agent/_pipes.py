"""The agent's ends of the pipes to its children, watched by the reactor."""

import os
from collections.abc import Callable
from contextlib import ExitStack

from twisted.internet.interfaces import IReactorFDSet, IReadDescriptor, IWriteDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

_PIPE = 1 << 16  #: octets that a pipe holds on Linux, unless somebody made it larger


def open_pipe(reading: ExitStack, writing: ExitStack) -> tuple[int, int]:
    """Make a pipe, each end of which is closed with one of the two."""
    reads, writes = os.pipe()
    reading.callback(os.close, reads)
    writing.callback(os.close, writes)
    return reads, writes


class Pipes:
    """Reads and feeds pipes, and knows them all, so that they can be closed together."""

    def __init__(self, reactor: IReactorFDSet) -> None:
        self._reactor = reactor
        self._ends: set[_End] = set()

    def collect(self, fd: int, take: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        """
        Read a pipe to its end, piece by piece; then close it.

        :param take: called with each piece.
        :param ended: called when nobody can write into it any more.
        """
        self._reactor.addReader(_Source(self._reactor, self._ends, fd, take, ended))

    def feed(self, fd: int, data: bytes) -> None:
        """Write ``data`` into a pipe, or as much of it as anybody wants to read; then close it."""
        sink = _Sink(self._reactor, self._ends, fd, data)
        if sink.write():  # most of it is little, and fits at once
            sink.close()
        else:
            self._reactor.addWriter(sink)

    def close(self) -> None:
        """Close them all; nobody is told."""
        for end in list(self._ends):
            end.close()


class _End:
    """One end of a pipe; the methods in camelCase are the reactor's to call."""

    def __init__(self, reactor: IReactorFDSet, ends: "set[_End]", fd: int) -> None:
        os.set_blocking(fd, False)
        self._reactor = reactor
        self._ends = ends
        self._fd = fd
        ends.add(self)

    def close(self) -> None:
        self._ends.discard(self)
        os.close(self._fd)

    def fileno(self) -> int:
        return self._fd

    def logPrefix(self) -> str:
        return "guest-exec"


@implementer(IReadDescriptor)
class _Source(_End):
    """The end that what a child writes comes out of."""

    def __init__(
        self,
        reactor: IReactorFDSet,
        ends: set[_End],
        fd: int,
        take: Callable[[bytes], None],
        ended: Callable[[], None],
    ) -> None:
        super().__init__(reactor, ends, fd)
        self._take = take
        self._ended = ended

    def close(self) -> None:
        self._reactor.removeReader(self)
        super().close()

    def doRead(self) -> None:
        try:
            data = os.read(self._fd, _PIPE)
        except BlockingIOError:
            return
        if data:
            self._take(data)
        else:
            self.close()
            self._ended()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor saw a hang-up, and nothing left to read."""
        self.close()
        self._ended()


@implementer(IWriteDescriptor)
class _Sink(_End):
    """The end that a child's input goes into."""

    def __init__(self, reactor: IReactorFDSet, ends: set[_End], fd: int, data: bytes) -> None:
        super().__init__(reactor, ends, fd)
        self._rest = memoryview(data)

    def close(self) -> None:
        self._reactor.removeWriter(self)
        super().close()

    def write(self) -> bool:
        """Write what fits; return whether there is nothing left that anybody wants."""
        try:
            while self._rest:
                self._rest = self._rest[os.write(self._fd, self._rest) :]
        except BlockingIOError:
            return False
        except BrokenPipeError:
            pass  # whoever reads has enough: that is no error
        return True

    def doWrite(self) -> None:
        if self.write():
            self.close()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor saw that nobody reads any more."""
        self.close()
