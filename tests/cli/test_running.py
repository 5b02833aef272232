"""A verb on the reactor."""

import signal
from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ReactorNotRunning
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._exits import Interrupted
from txqga.cli._running import Running


class FakeReactor:
    """One that runs what it is told, and then what happens meanwhile."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.running = False
        self._meanwhile = meanwhile
        self._start: Callable[[], None] = lambda: None

    def callWhenRunning(self, start: Callable[[], None]) -> None:
        self._start = start

    def callFromThread(self, call: Callable[..., None], *args: Any) -> None:
        call(*args)

    def run(self) -> None:
        self.running = True
        self._start()
        if self.running:
            self._meanwhile()

    def stop(self) -> None:
        if not self.running:
            raise ReactorNotRunning
        self.running = False


class RunningTests(SynchronousTestCase):
    def setUp(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        self.waiting: Deferred[int] = Deferred()
        self.log: list[str] = []

    def run_(
        self,
        work: Callable[[], Coroutine[Any, Any, Any]],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Any:
        self.reactor = FakeReactor(meanwhile)
        return Running(self.reactor, work).run()

    async def wait(self) -> int:
        try:
            return await self.waiting
        finally:
            self.log.append("let go")

    def test_at_once(self) -> None:
        """
        Work that is done at once ends at once.
        """

        async def work() -> int:
            return 7

        self.assertEqual(self.run_(work), 7)

    def test_later(self) -> None:
        """
        The reactor runs until the work is done.
        """
        self.assertEqual(self.run_(self.wait, lambda: self.waiting.callback(3)), 3)
        self.assertFalse(self.reactor.running)

    def test_failure(self) -> None:
        """
        What it raises, whoever runs it gets.
        """

        async def work() -> None:
            raise KeyError("x")

        self.assertRaises(KeyError, self.run_, work)

    def test_signal(self) -> None:
        """
        A signal cancels it, and it lets go what it holds.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            self.waiting = Deferred()
            why = self.assertRaises(
                Interrupted, self.run_, self.wait, lambda n=number: signal.raise_signal(n)
            )
            self.assertEqual(why.number, number)
        self.assertEqual(self.log, ["let go"] * 2)

    def test_second_signal(self) -> None:
        """
        What takes too long to let go is left by the second signal; those after it change nothing.
        """
        slow: Deferred[None] = Deferred()

        async def work() -> None:
            try:
                await self.waiting
            finally:
                await slow

        def thrice() -> None:
            signal.raise_signal(signal.SIGINT)
            self.assertTrue(self.reactor.running)
            signal.raise_signal(signal.SIGINT)
            self.assertFalse(self.reactor.running)
            signal.raise_signal(signal.SIGINT)  # while the reactor waits for what is let go
            slow.callback(None)

        why = self.assertRaises(Interrupted, self.run_, work, thrice)
        self.assertEqual(why.number, signal.SIGINT)

    def test_own_answer(self) -> None:
        """
        Work that has an answer to a signal gives its own.
        """

        async def work() -> int:
            try:
                return await self.waiting
            except BaseException:
                return 5

        self.assertEqual(self.run_(work, lambda: signal.raise_signal(signal.SIGINT)), 5)
