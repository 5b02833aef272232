"""
What takes the host's disk or processor a while, beside the reactor.

One piece of work at a time: what a thread touches is touched by nothing else until it has ended,
also when nobody waits for it any more.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.internet.interfaces import IReactorThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure


class Closing(Protocol):
    """What is open until it is closed."""

    def close(self) -> object:
        """Let go of everything."""


T = TypeVar("T")
C = TypeVar("C", bound=Closing)


class Aside:
    """
    Work beside the reactor.

    :param reactor: one that has no threads, as a ``Clock``, does it at once.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._has_threads = IReactorThreads.providedBy(reactor)
        self._runs = False
        self._idle: list[Deferred[None]] = []

    def run(self, work: Callable[..., T], *arguments: Any) -> Deferred[T]:
        """
        Do it, when what was begun before has ended: its caller has waited, or :meth:`idle` has.

        :return: cancelled, it fails at once, and the work goes on.
        """
        given: Deferred[T] = Deferred(lambda _: None)

        def ended(result: T | Failure) -> None:
            self._runs = False
            waiting, self._idle = self._idle, []
            for each in waiting:
                each.callback(None)
            if not given.called:
                given.callback(result)  # a Failure is an errback

        self._runs = True
        if self._has_threads:
            pool = self._reactor.getThreadPool()
            begun = deferToThreadPool(self._reactor, pool, work, *arguments)
        else:
            begun = maybeDeferred(work, *arguments)
        begun.addBoth(ended)
        return given

    def open(self, work: Callable[..., C], *arguments: Any) -> Deferred[C]:
        """
        Open something, as :meth:`run` does work.

        :return: cancelled, it fails at once; what is opened all the same is closed.
        """
        given: Deferred[C] = Deferred(lambda _: None)

        def opened(what: C) -> None:
            if given.called:
                what.close()
            else:
                given.callback(what)

        def failed(failure: Failure) -> None:
            if not given.called:
                given.errback(failure)

        self.run(work, *arguments).addCallbacks(opened, failed)
        return given

    def idle(self) -> Deferred[None]:
        """Wait until nothing runs."""
        if not self._runs:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._idle.append(waiting)
        return waiting
