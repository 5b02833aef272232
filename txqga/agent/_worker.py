"""
The one thread besides the reactor's: it runs what waits for a disk or for a program.

It is nobody's business at the agent's end. A program that hangs keeps the thread, and the thread
must not keep the process: so it is a daemon, which Twisted's pool of threads has none of.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.python.failure import Failure

T = TypeVar("T")


def start_thread(work: Callable[[], object]) -> None:
    """Do ``work`` in a thread that the process does not wait for at its end."""
    threading.Thread(target=work, name="blocking commands", daemon=True).start()


class Worker:
    """
    Runs functions, one after the other, in a thread that is started when it is first needed.

    :param start: starts the thread.
    """

    def __init__(
        self,
        reactor: IReactorFromThreads,
        start: Callable[[Callable[[], object]], object] = start_thread,
    ) -> None:
        self._reactor = reactor
        self._start = start
        self._started = False
        self._waiting: SimpleQueue[tuple[Callable[[], Any], Deferred[Any]] | None] = SimpleQueue()

    def run(self, function: Callable[[], T]) -> Deferred[T]:
        """
        Run ``function`` when all that came before has ended.

        :return: what the function returns or raises, told in the reactor's thread. Cancelled, it
            fails at once, but the function runs all the same.
        """
        done: Deferred[T] = Deferred()
        if not self._started:
            self._start(self._work)
            self._started = True
        self._waiting.put((function, done))
        return done

    def close(self) -> None:
        """Let the thread end, when it is through with what it has."""
        if self._started:
            self._waiting.put(None)

    def _work(self) -> None:
        while self._run_next():
            pass

    def _run_next(self) -> bool:
        """Run the next function; nothing of it is kept, for there may be a password in it."""
        work = self._waiting.get()
        if work is None:
            return False
        function, done = work
        try:
            result = function()
        except BaseException:  # to whoever asked, whatever it is
            self._reactor.callFromThread(done.errback, Failure())
        else:
            self._reactor.callFromThread(done.callback, result)
        return True
