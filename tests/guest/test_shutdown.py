"""What a reactor that stops has to wait for."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from txqga.guest._shutdown import before_shutdown


class Reactor(MemoryReactorClock):
    """Knows what to do before it stops, and forgets it when it is told to."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.first: list[Callable[[], Any]] = []

    def addSystemEventTrigger(self, *words: Any) -> Any:  # type: ignore[override]
        phase, event, trigger = words
        assert (phase, event) == ("before", "shutdown")
        self.first.append(trigger)
        return trigger

    def removeSystemEventTrigger(self, handle: Any) -> None:
        self.first.remove(handle)


class BeforeShutdownTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.asked: list[str] = []

    def test_stopped(self) -> None:
        """
        When the reactor stops, what goes on is cancelled; and the reactor waits for its end.
        """
        ending: Deferred[str] = Deferred()

        async def work() -> str:
            try:
                return await Deferred(lambda _: self.asked.append("cancelled"))
            finally:
                await ending

        going_on = before_shutdown(self.reactor, Deferred.fromCoroutine(work()))
        stopping = self.reactor.first.pop()()
        self.assertEqual(self.asked, ["cancelled"])
        self.assertNoResult(stopping)
        self.assertNoResult(going_on)
        ending.callback("")
        self.successResultOf(stopping)
        self.failureResultOf(going_on, CancelledError)

    def test_over(self) -> None:
        """
        What is over is nothing that a reactor waits for.
        """
        work: Deferred[int] = Deferred()
        going_on = before_shutdown(self.reactor, work)
        self.assertEqual(len(self.reactor.first), 1)
        work.callback(5)
        self.assertEqual(self.reactor.first, [])
        self.assertEqual(self.successResultOf(going_on), 5)
        self.assertEqual(self.successResultOf(before_shutdown(self.reactor, succeed(6))), 6)
        self.assertEqual(self.reactor.first, [])

    def test_clock(self) -> None:
        """
        What tells the time only does not stop.
        """
        work: Deferred[int] = Deferred()
        self.assertIs(before_shutdown(Clock(), work), work)
