"""How long a guest was frozen."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.fsfreeze._timed import Interval, Timed


class Guest:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.waiting: Deferred[int] = Deferred()

    def ready(self) -> Deferred[None]:
        return self._ask("ready").addCallback(lambda _: None)

    def freeze(self) -> Deferred[int]:
        return self._ask("freeze")

    def thaw(self) -> Deferred[int]:
        return self._ask("thaw")

    def _ask(self, what: str) -> Deferred[int]:
        self.asked.append(what)
        self.waiting = Deferred()
        return self.waiting


class TimedTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.guest = Guest()
        self.timed = Timed(self.clock, self.guest)

    def answer(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.guest.waiting.callback(3)

    def test_interval(self) -> None:
        """
        It holds still from the freeze's answer until it is asked to thaw.
        """
        self.timed.ready()
        self.answer(1.0)
        self.assertEqual(self.timed.at, {})
        frozen = self.timed.freeze()
        self.answer(2.0)
        self.assertEqual(self.timed.at, {"asked": 1.0, "since": 3.0})
        self.assertEqual(self.successResultOf(frozen), 3)
        self.clock.advance(5.0)
        thawed = self.timed.thaw()
        self.answer(4.0)
        self.assertEqual(self.successResultOf(thawed), 3)
        self.assertEqual(
            self.timed.interval,
            Interval(filesystems=3, asked=1.0, since=3.0, until=8.0, thawed=12.0),
        )
        self.assertEqual(self.timed.interval.seconds, 5.0)
        self.assertEqual(self.guest.asked, ["ready", "freeze", "thaw"])

    def test_failures(self) -> None:
        """
        What fails is passed on.
        """
        frozen = self.timed.freeze()
        self.guest.waiting.errback(CommandFailed("no"))
        self.failureResultOf(frozen, CommandFailed)
