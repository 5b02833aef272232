"""Work beside the reactor."""

import io
from typing import Any

from twisted.internet.defer import CancelledError
from twisted.internet.interfaces import IReactorThreads
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from txqga.files._aside import Aside


@implementer(IReactorThreads)
class Threaded(Clock):
    """A reactor whose threads do their work when they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[Any] = []

    def getThreadPool(self) -> Any:
        return self

    def callInThreadWithCallback(self, told: Any, work: Any, *given: Any, **more: Any) -> None:
        self.begun.append((told, work, given, more))

    def callFromThread(self, callable: Any, *given: Any, **more: Any) -> None:
        callable(*given, **more)

    def callInThread(self, *given: Any, **more: Any) -> None: ...

    def suggestThreadPoolSize(self, size: int) -> None: ...

    def work(self) -> None:
        told, work, given, more = self.begun.pop(0)
        try:
            result = work(*given, **more)
        except Exception:
            told(False, Failure())
        else:
            told(True, result)


class AsideTests(SynchronousTestCase):
    def test_no_threads(self) -> None:
        """
        Where there are no threads the work is done at once.
        """
        aside = Aside(Clock())
        self.assertEqual(self.successResultOf(aside.run(lambda a: a + 1, 2)), 3)
        self.failureResultOf(aside.run(lambda: [].pop()), IndexError)
        self.successResultOf(aside.idle())

    def test_threads(self) -> None:
        """
        The work is done in a thread, and what it comes to is told.
        """
        reactor = Threaded()
        aside = Aside(reactor)
        for work, kind in ((lambda: 7, None), (lambda: [].pop(), IndexError)):
            done, idle = aside.run(work), aside.idle()
            self.assertNoResult(done)
            self.assertNoResult(idle)
            reactor.work()
            if kind is None:
                self.assertEqual(self.successResultOf(done), 7)
            else:
                self.failureResultOf(done, kind)
            self.successResultOf(idle)

    def test_cancelled(self) -> None:
        """
        Work that nobody waits for goes on, and when it has ended can be known.
        """
        reactor = Threaded()
        aside = Aside(reactor)
        for work in (lambda: 7, lambda: [].pop()):
            done = aside.run(work)
            done.cancel()
            self.failureResultOf(done, CancelledError)
            idle = aside.idle()
            self.assertNoResult(idle)
            reactor.work()
            self.successResultOf(idle)

    def test_open(self) -> None:
        """
        What is opened for somebody who does not wait any more is closed.
        """
        reactor = Threaded()
        aside = Aside(reactor)
        for cancels in (False, True):
            file = io.BytesIO()
            opening = aside.open(lambda file=file: file)
            if cancels:
                opening.cancel()
                self.failureResultOf(opening, CancelledError)
            reactor.work()
            self.assertEqual(file.closed, cancels)
            if not cancels:
                self.assertIs(self.successResultOf(opening), file)

    def test_not_opened(self) -> None:
        """
        What cannot be opened is told to who waits.
        """
        reactor = Threaded()
        aside = Aside(reactor)
        for cancels in (False, True):
            opening = aside.open(lambda: open("/nonexistent/file"))  # noqa: PTH123, SIM115
            if cancels:
                opening.cancel()
            reactor.work()
            self.failureResultOf(opening, CancelledError if cancels else FileNotFoundError)
