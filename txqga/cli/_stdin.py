"""What is typed, or comes through a pipe: read as it comes, and only when somebody wants it."""

import fcntl
import os
import sys
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

#: Octets that are taken at a time.
SOME = 1 << 16

#: Octets that are taken where a guest wants all of it at once.
MOST = 64 << 20


class TooMuch(Exception):
    """More came than can be given at once."""


@implementer(IReadDescriptor)
class Stdin:
    """
    A descriptor that is read.

    :param reactor: provides ``IReactorFDSet``.
    """

    def __init__(self, reactor: Any, descriptor: int = 0) -> None:
        self._reactor = reactor
        self._descriptor = descriptor
        self._waiting: Deferred[bytes] | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether somebody types it."""
        return os.isatty(self._descriptor)

    def read(self) -> Deferred[bytes]:
        """
        Wait for what comes next.

        :return: octets; none at the end. Cancelled, nothing is lost: the next one gets it.
        """
        waiting: Deferred[bytes] = Deferred(self._forget)
        self._waiting = waiting
        self._reactor.addReader(self)
        return waiting

    async def read_all(self) -> bytes:
        """
        Wait for the end, and give all of it.

        :raise TooMuch: there is more than :data:`MOST`.
        """
        kept = bytearray()
        while data := await self.read():
            kept += data
            if len(kept) > MOST:
                raise TooMuch(f"the input is of more than {MOST >> 20} MiB")
        return bytes(kept)

    # -- the reactor's side

    def fileno(self) -> int:
        """Tell which descriptor it is."""
        return self._descriptor

    def doRead(self) -> None:
        """Something is there, or the end."""
        waiting = self._stop()
        if waiting is None:
            return
        try:
            data = os.read(self._descriptor, SOME)
        except OSError:
            waiting.errback(Failure())
        else:
            waiting.callback(data)

    def connectionLost(self, reason: Failure) -> None:
        """The reactor ends, or the descriptor is of no use."""
        waiting = self._stop()
        if waiting is not None:
            waiting.callback(b"")

    def logPrefix(self) -> str:
        """Name it in the log."""
        return "stdin"

    def _forget(self, _: "Deferred[bytes]") -> None:
        self._stop()

    def _stop(self) -> "Deferred[bytes] | None":
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._reactor.removeReader(self)
        return waiting


def stdin_of(reactor: Any) -> Stdin | None:
    """Give our standard input; None where it is closed, or cannot be read."""
    descriptor = sys.stdin.fileno()
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
        return None
    return Stdin(reactor, descriptor)
