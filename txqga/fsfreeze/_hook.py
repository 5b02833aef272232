"""
A program on the host that is run before guests are frozen, and once they are thawed.

It gets one more word, ``freeze`` or ``thaw``, and the names of the guests in ``TXQGA_GUESTS``. What
was run with ``freeze`` is run with ``thaw`` too, whatever became of it.

It runs in a session of its own, so that it can be killed with all that it has started: a child that
went on would do half of what the hook was for while nobody expects it any more.
"""

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, cast

from attrs import field, frozen
from attrs.validators import gt, optional
from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessDone, ProcessExitedAlready, ProcessTerminated
from twisted.internet.interfaces import IDelayedCall, IProcessTransport, IReactorTime
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from txqga.errors import HookFailed

#: Makes the session, and becomes the hook: a program of util-linux. Twisted starts programs in the
#: session that it is in itself.
SETSID = "setsid"

#: Octets of what it says that are kept, to be told where it fails.
SAID = 2048

#: Seconds that its output may stay open once it has ended: a child of its own may have it.
LAST_WORDS = 1.0


_limit: Any = optional(gt(0))  # whose types do not fit each other


@frozen
class Hook:
    """A program that is run before guests are frozen, and once they are thawed."""

    argv: Sequence[str]  #: its path, and words for it
    #: then it is killed, with all that it has started and that did not leave its process group;
    #: None: it may take as long as it likes
    seconds: float | None = field(default=60.0, validator=_limit)
    kill_group: Callable[[int, int], None] = os.killpg  #: sends a process group a signal

    def run(self, reactor: Any, word: str, guests: Iterable[str]) -> Deferred[None]:
        """
        Run it.

        :param reactor: provides ``IReactorProcess`` and ``IReactorTime``.
        :return: fails with :class:`~txqga.errors.HookFailed`.
        """
        name = " ".join([*self.argv, word])
        running = Running(reactor, name, self.seconds, self.kill_group)
        env = {**os.environ, "TXQGA_GUESTS": " ".join(guests)}
        try:
            reactor.spawnProcess(running, SETSID, [SETSID, *self.argv, word], env=env)
        except OSError as why:  # from Twisted's posix_spawn; its fork tells by exit status 1
            running.fail(f"{SETSID} cannot be run: {why.strerror}")
        return running.ended


class Running(ProcessProtocol):
    """A hook that runs."""

    def __init__(
        self,
        clock: IReactorTime,
        name: str,
        seconds: float | None,
        kill_group: Callable[[int, int], None],
    ) -> None:
        self.ended: Deferred[None] = Deferred(lambda _: self._kill())
        self._name = name
        self._began = clock.seconds()
        self._said = b""
        self._killed = False
        self._kill_group = kill_group
        self._clock = clock
        self._limit: IDelayedCall | None = None
        if seconds is not None:
            self._limit = clock.callLater(seconds, self._kill)

    def fail(self, why: str) -> None:
        """It cannot be started."""
        self._cancel()
        self.ended.errback(HookFailed(self._name, why))

    def outReceived(self, data: bytes) -> None:
        """Keep a little of what it says."""
        self._said = (self._said + data)[:SAID]

    errReceived = outReceived

    def processExited(self, reason: Failure) -> None:
        """It has ended; what it said last is still to be read, but not what its children say."""
        self._cancel()
        transport = cast(IProcessTransport, self.transport)
        self._limit = self._clock.callLater(LAST_WORDS, transport.loseConnection)

    def processEnded(self, reason: Failure) -> None:
        """It has ended, and all is read."""
        self._cancel()
        if self.ended.called:
            return
        if reason.check(ProcessDone):
            self.ended.callback(None)
        else:
            self.ended.errback(HookFailed(self._name, self._why(reason)))

    def _why(self, reason: Failure) -> str:
        if self._killed:
            return f"it was killed, having run for {self._clock.seconds() - self._began:.3g} s"
        how = cast(ProcessTerminated, reason.value)
        ended = f"exit status {how.exitCode}" if how.signal is None else f"signal {how.signal}"
        said = self._said.decode("utf-8", "replace").strip()
        return f"{ended}: {said}" if said else ended

    def _cancel(self) -> None:
        if self._limit is not None and self._limit.active():
            self._limit.cancel()

    def _kill(self) -> None:
        self._killed = True
        transport = cast(IProcessTransport, self.transport)
        pid = transport.pid  # None: it has ended
        if pid is not None:
            with suppress(OSError):  # it may have no session yet
                self._kill_group(pid, signal.SIGKILL)
        with suppress(ProcessExitedAlready):
            transport.signalProcess("KILL")
