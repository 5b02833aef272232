"""
Noticing that a child has ended, and taking its status.

Each child has a *pidfd*, which the reactor watches as it does any other descriptor: no signal
handler, and no walk over all children whenever one ends. Where the kernel knows none (before
Linux 5.3), or has no more to give, Twisted's own handler of SIGCHLD tells us.
"""

import errno
import os
from collections.abc import Callable

from twisted.internet.interfaces import IReactorFDSet, IReadDescriptor
from twisted.internet.process import registerReapProcessHandler, unregisterReapProcessHandler
from twisted.python.failure import Failure
from zope.interface import implementer

Ended = Callable[[int], None]  #: called once, with the status as ``waitpid`` gives it
Wait = Callable[[int], "int | None"]


def pidfd_open(pid: int) -> int:
    """Return a descriptor that can be read from when ``pid`` has ended."""
    if not hasattr(os, "pidfd_open"):  # a Python that was built for an older system
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return os.pidfd_open(pid)


def wait(pid: int) -> int | None:
    """Take the status of a child; None as long as it runs."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0  # somebody else took it: all that is left to know is that the child has ended
    return status if ended else None


class Reaper:
    """Takes the status of children as they end."""

    def __init__(
        self,
        reactor: IReactorFDSet,
        pidfd_open: Callable[[int], int] = pidfd_open,
        wait: Wait = wait,
    ) -> None:
        self._reactor = reactor
        self._pidfd_open = pidfd_open
        self._wait = wait
        self._children: set[_ByDescriptor | _BySignal] = set()

    def watch(self, pid: int, ended: Ended) -> None:
        """Call ``ended`` when the child ``pid`` has ended."""

        def reaped(status: int) -> None:
            self._children.discard(child)
            ended(status)

        child: _ByDescriptor | _BySignal
        try:
            fd = self._pidfd_open(pid)
        except OSError:
            child = _BySignal(pid, self._wait, reaped)
        else:
            child = _ByDescriptor(pid, self._wait, reaped, fd, self._reactor)
        self._children.add(child)
        child.start()

    def close(self) -> None:
        """Forget all children; they live on."""
        while self._children:
            self._children.pop().stop()


@implementer(IReadDescriptor)
class _ByDescriptor:
    """A child whose end the reactor sees on its pidfd."""

    def __init__(self, pid: int, wait: Wait, ended: Ended, fd: int, reactor: IReactorFDSet) -> None:
        self._pid = pid
        self._wait = wait
        self._ended = ended
        self._fd = fd
        self._reactor = reactor

    def start(self) -> None:
        self._reactor.addReader(self)

    def stop(self) -> None:
        self._reactor.removeReader(self)
        os.close(self._fd)

    def fileno(self) -> int:
        return self._fd

    def logPrefix(self) -> str:
        return "guest-exec"

    def doRead(self) -> None:
        status = self._wait(self._pid)
        if status is not None:
            self.stop()
            self._ended(status)

    def connectionLost(self, reason: Failure) -> None:
        """The reactor ends, or sees nothing but a hang-up."""
        self.stop()
        status = self._wait(self._pid)
        if status is not None:
            self._ended(status)


class _BySignal:
    """A child for which Twisted asks us at each SIGCHLD; it calls the methods so named."""

    def __init__(self, pid: int, wait: Wait, ended: Ended) -> None:
        self._pid = pid
        self._wait = wait
        self._ended = ended

    def start(self) -> None:
        registerReapProcessHandler(self._pid, self)

    def stop(self) -> None:
        unregisterReapProcessHandler(self._pid, self)

    def reapProcess(self) -> None:
        """Some child has ended."""
        status = self._wait(self._pid)
        if status is not None:
            self.stop()
            self._ended(status)

    def processEnded(self, status: int) -> None:
        """It had ended before it was registered."""
        self._ended(status)
