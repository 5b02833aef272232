"""A command of this host, as work that is done while guests hold still."""

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ProcessDone, ProcessExitedAlready, ProcessTerminated
from twisted.internet.interfaces import IDelayedCall, IProcessTransport, IReactorTime
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

#: Seconds that it has to end when it is told to.
PATIENCE = 10.0

#: As shells do: what it adds to the number of the signal that ended a command.
SIGNALLED = 128


class HostCommand:
    """
    A command of this host, as work for :func:`while_frozen`.

    It has our own standard input, output and error.

    :param reactor: provides ``IReactorProcess`` and ``IReactorTime``.
    :param argv: its name or path, and its arguments.
    :param env: its whole environment; None: ours.
    """

    def __init__(
        self, reactor: Any, argv: Sequence[str], env: Mapping[str, str] | None = None
    ) -> None:
        self._reactor = reactor
        self._argv = list(argv)
        self._env = dict(os.environ if env is None else env)

    def __call__(self) -> Deferred[int]:
        """
        Run it.

        :return: its exit status, or 128 and the number of the signal that ended it. Fails with
            ``OSError`` where it cannot be started. Cancelled, it is told to end (SIGTERM), and
            killed ten seconds later.
        """
        path = shutil.which(self._argv[0], path=self._env.get("PATH"))
        if path is None:
            return fail(FileNotFoundError(f"there is no command {self._argv[0]}"))
        running = Running(self._reactor)
        try:
            self._reactor.spawnProcess(
                running, path, self._argv, env=self._env, childFDs={0: 0, 1: 1, 2: 2}
            )
        except OSError:
            return fail()
        return running.ended


class Running(ProcessProtocol):
    """A command that runs."""

    def __init__(self, clock: IReactorTime) -> None:
        self.ended: Deferred[int] = Deferred(lambda _: self._end())
        self._clock = clock
        self._limit: IDelayedCall | None = None

    def processEnded(self, reason: Failure) -> None:
        """It has ended."""
        if self._limit is not None and self._limit.active():
            self._limit.cancel()
        if self.ended.called:
            return
        if reason.check(ProcessDone):
            self.ended.callback(0)
        else:
            how = cast(ProcessTerminated, reason.value)
            status = how.exitCode if how.signal is None else SIGNALLED + how.signal
            self.ended.callback(cast(int, status))

    def _end(self) -> None:
        self._signal("TERM")
        self._limit = self._clock.callLater(PATIENCE, self._signal, "KILL")

    def _signal(self, name: str) -> None:
        with suppress(ProcessExitedAlready):
            cast(IProcessTransport, self.transport).signalProcess(name)
