"""The thread that runs what blocks; it is real in one test only."""

import threading
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from txqga.agent._worker import Worker, start_thread


@implementer(IReactorFromThreads)
class FromThreads:
    """As much of a reactor as a thread needs; it does what it is asked when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], object]] = []
        self.woken = threading.Semaphore(0)

    def callInThread(self, callable: Callable[..., Any], *args: object, **kw: object) -> None:
        raise NotImplementedError

    def suggestThreadPoolSize(self, size: int) -> None:
        raise NotImplementedError

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kw: object) -> None:
        self.asked.append(lambda: callable(*args, **kw))
        self.woken.release()

    def turn(self) -> None:
        while self.asked:
            self.asked.pop(0)()


class WorkerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = FromThreads()
        self.threads: list[Callable[[], object]] = []
        self.worker = Worker(self.reactor, self.threads.append)

    def run_thread(self) -> None:
        """Do what the thread would do, all of it."""
        self.worker.close()
        self.threads[0]()

    def test_idle(self) -> None:
        """
        As long as nothing blocks there is no thread.
        """
        self.worker.close()
        self.assertEqual(self.threads, [])

    def test_results(self) -> None:
        """
        What a function returns or raises is told in the reactor's thread, in turn.
        """
        order: list[int] = []

        def work() -> str:
            order.append(1)
            return "done"

        def fail() -> None:
            order.append(2)
            raise KeyError("no")

        first = self.worker.run(work)
        second = self.worker.run(fail)
        self.assertEqual(len(self.threads), 1)
        self.assertEqual(order, [])
        self.run_thread()
        self.assertEqual(order, [1, 2])
        self.assertNoResult(first)
        self.reactor.turn()
        self.assertEqual(self.successResultOf(first), "done")
        self.failureResultOf(second, KeyError)

    def test_cancelled(self) -> None:
        """
        Who does not wait any more is told at once; what was asked is done all the same.
        """
        done: list[int] = []
        result = self.worker.run(lambda: done.append(1))
        result.cancel()
        self.failureResultOf(result, CancelledError)
        self.run_thread()
        self.reactor.turn()
        self.assertEqual(done, [1])

    def test_thread(self) -> None:
        """
        It is another thread, one that the process does not wait for at its end.
        """
        worker = Worker(self.reactor, start_thread)
        result: Deferred[threading.Thread] = worker.run(threading.current_thread)
        self.assertTrue(self.reactor.woken.acquire(timeout=60))
        self.reactor.turn()
        thread = self.successResultOf(result)
        self.assertIsNot(thread, threading.current_thread())
        self.assertTrue(thread.daemon)
        worker.close()
        thread.join(60)
        self.assertFalse(thread.is_alive())
