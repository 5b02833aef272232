"""A verb, run on the reactor: Ctrl-C cancels it, and what it holds it lets go."""

import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ReactorNotRunning
from twisted.python.failure import Failure

from txqga import monotonic
from txqga.cli._exits import Interrupted

T = TypeVar("T")


class Running(Generic[T]):
    """
    One coroutine, run on a reactor until it has ended.

    The first signal cancels it, and it has all the time it needs to let go what it holds: a frozen
    guest is thawed, a program killed. A second one ends it at once.
    """

    def __init__(self, reactor: Any, work: Callable[[], Coroutine[Deferred[Any], Any, T]]) -> None:
        self._reactor = reactor
        self._work = work
        self._going: Deferred[T] | None = None
        self._signal: int | None = None
        self._results: list[T | Failure] = []

    def run(self) -> T:
        """
        Run the reactor until the work is done.

        :return: what it returns.
        :raise Interrupted: it was cancelled by a signal.
        """
        self._reactor.callWhenRunning(self._start)
        self._reactor.run()
        if not self._results:
            raise Interrupted(self._signal or signal.SIGINT)
        (result,) = self._results
        if not isinstance(result, Failure):
            return result
        if self._signal is not None and result.check(CancelledError):
            raise Interrupted(self._signal)
        result.raiseException()
        raise AssertionError  # it has raised

    def interrupt(self, number: int) -> None:
        """Cancel the work; the second time, wait for it no more."""
        first, self._signal = self._signal is None, number
        if first and self._going is not None:
            self._going.cancel()
        else:
            self._stop()

    def _start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is signal.SIG_IGN:
                continue  # whoever started us does not want it to end us
            # a signal comes between any two steps: what it asks for is done when there is time
            signal.signal(number, lambda got, _: self._reactor.callFromThread(self.interrupt, got))
        self._going = Deferred.fromCoroutine(self._work())
        self._going.addBoth(self._ended)

    def _ended(self, result: T | Failure) -> None:
        self._results.append(result)
        self._stop()

    def _stop(self) -> None:
        with suppress(ReactorNotRunning):  # it is stopping, and waits for what is let go
            self._reactor.stop()


def perform(work: Callable[[Any], Coroutine[Deferred[Any], Any, T]]) -> T:
    """Run a coroutine, which is given the reactor; see :class:`Running`."""
    from twisted.internet import reactor

    monotonic(reactor)
    return Running(reactor, lambda: work(reactor)).run()
