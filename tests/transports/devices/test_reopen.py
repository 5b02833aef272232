"""A channel that is opened again when it has gone."""

from collections.abc import Callable
from errno import ENODEV, ENOENT

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.testing import unanswered
from txqga.transports.devices import Reopening, Unopened
from txqga.transports.devices._reopen import (
    CLOSED,
    NEW,
    OPEN,
    WAITING,
    Core,
    Inputs,
    Machine,
    Serving,
    in_words,
    wait,
)

UNPLUGGED = Failure(OSError(ENODEV, "No such device"))
HUNG_UP = Failure(ConnectionDone())


class Port:
    """A channel that can be there or not, and what serves it: writes down what happens."""

    def __init__(self) -> None:
        self.there = True
        self.happened: list[str] = []
        self.lost_for: Callable[[Failure], None] | None = None  #: while it is served

    def open(self) -> str | Unopened:
        return "channel" if self.there else Unopened("not there")

    def serve(self, channel: str, lost: Callable[[Failure], None]) -> Callable[[], None]:
        assert channel == "channel"
        assert self.lost_for is None
        self.lost_for = lost
        return self.close

    def lose(self, reason: Failure) -> None:
        """End what serves it."""
        assert self.lost_for is not None
        lost, self.lost_for = self.lost_for, None
        lost(reason)

    def close(self) -> None:
        self.happened.append("closed")

    def opened(self) -> None:
        self.happened.append("opened")

    def failed(self, why: str) -> None:
        self.happened.append(f"failed: {why}")

    def lost(self, why: str) -> None:
        self.happened.append(f"lost: {why}")

    def waits(self) -> None:
        self.happened.append("waits")

    def given_up(self) -> None:
        self.happened.append("given up")

    def read(self) -> list[str]:
        """Return what happened since the last time."""
        happened, self.happened = self.happened, []
        return happened


class TransitionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.port = Port()
        self.core = Core(
            clock=self.clock,
            open=self.port.open,
            serve=self.port.serve,
            watcher=self.port,
            persistent=False,
            pause=5.0,
        )

    def new(self) -> Inputs:
        return Machine(self.core, NEW)

    def open(self) -> Inputs:
        return Machine(self.core, OPEN, lambda inputs, core: Serving(self.port.close))

    def waiting(self) -> Inputs:
        machine = Machine(self.core, WAITING, wait)
        self.port.read()
        return machine

    def test_whole(self) -> None:
        """
        Whatever its owner says at whatever time, there is an answer.
        """
        self.assertEqual(unanswered(Machine), [])

    def test_first_time(self) -> None:
        """
        It is opened when it is started.
        """
        self.new().start()
        self.assertEqual(self.port.read(), ["opened"])

    def test_not_there(self) -> None:
        """
        What cannot be opened is given up at once.
        """
        self.port.there = False
        self.new().start()
        self.clock.advance(100)
        self.assertEqual(self.port.read(), ["failed: not there", "given up"])

    def test_not_there_yet(self) -> None:
        """
        Or it is tried again after each pause, where that was asked for.
        """
        self.core.persistent = True
        self.port.there = False
        self.new().start()
        self.assertEqual(self.port.read(), ["failed: not there", "waits"])
        for _ in range(3):
            self.clock.advance(4.9)
            self.assertEqual(self.port.read(), [])
            self.clock.advance(0.1)
            self.assertEqual(self.port.read(), ["failed: not there", "waits"])
        self.port.there = True
        self.clock.advance(5.0)
        self.assertEqual(self.port.read(), ["opened"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_unplugged(self) -> None:
        """
        What is lost for an error is given up.
        """
        self.open()._lost(UNPLUGGED)
        self.assertEqual(self.port.read(), ["lost: No such device", "given up"])

    def test_unplugged_for_a_while(self) -> None:
        """
        Or it is opened again, where that was asked for.
        """
        self.core.persistent = True
        self.open()._lost(UNPLUGGED)
        self.assertEqual(self.port.read(), ["lost: No such device", "waits"])
        self.clock.advance(5.0)
        self.assertEqual(self.port.read(), ["opened"])

    def test_hung_up(self) -> None:
        """
        What was hung up is opened again in any case.
        """
        self.open()._lost(HUNG_UP)
        self.assertEqual(self.port.read(), ["lost: hung up", "waits"])
        self.clock.advance(5.0)
        self.assertEqual(self.port.read(), ["opened"])

    def test_hung_up_and_gone(self) -> None:
        """
        If it can be, that is.
        """
        self.port.there = False
        self.open()._lost(HUNG_UP)
        self.port.read()
        self.clock.advance(5.0)
        self.assertEqual(self.port.read(), ["failed: not there", "given up"])

    def test_started_again(self) -> None:
        """
        It is started once: what is started already stays as it is.
        """
        for machine in (self.open(), self.waiting(), Machine(self.core, CLOSED)):
            machine.start()
            self.assertEqual(self.port.read(), [])

    def test_stop(self) -> None:
        """
        Stopped, it is closed, and never opened again.
        """
        machine = self.open()
        machine.stop()
        self.assertEqual(self.port.read(), ["closed"])
        machine._lost(Failure(ConnectionAborted()))
        machine.stop()
        self.clock.advance(100)
        self.assertEqual(self.port.read(), [])

    def test_stop_waiting(self) -> None:
        """
        Stopped while it waits, it waits for nothing any more.
        """
        self.waiting().stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(self.port.read(), [])

    def test_stop_new(self) -> None:
        """
        Stopped before it was started, it is not opened.
        """
        machine = self.new()
        machine.stop()
        machine.start()
        self.assertEqual(self.port.read(), [])

    def test_stopped_by_who_is_told(self) -> None:
        """
        Who is told that it failed may stop it then and there.
        """
        self.core.persistent = True
        self.port.there = False
        machine = self.waiting()
        self.port.failed = lambda why: machine.stop()  # type: ignore[method-assign]
        self.clock.advance(5.0)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_lost_at_once(self) -> None:
        """
        What is lost while it is being opened is opened again after a pause, not in a loop.
        """

        def serve(channel: str, lost: Callable[[Failure], None]) -> Callable[[], None]:
            lost(HUNG_UP)
            return self.port.close

        self.core.serve = serve
        self.new().start()
        self.assertEqual(self.port.read(), ["opened", "lost: hung up", "waits"])


class WordsTests(SynchronousTestCase):
    def test_reasons(self) -> None:
        """
        Why it was lost is said in a few words.
        """
        for why, words in (
            (OSError(ENOENT, "No such file or directory"), "No such file or directory"),
            (OSError("odd"), "odd"),
            (ConnectionDone(), "hung up"),
            (ValueError("a bug"), "a bug"),
        ):
            self.assertEqual(in_words(Failure(why)), words)


class AnyOrder(RuleBasedStateMachine):
    """A persistent channel, beside a plain account of it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.port = Port()
        self.since = 0.0  #: when it was last tried, or lost
        self.running = False
        self.ended = False
        self.reopening = Reopening(
            self.clock,
            open=self.port.open,
            serve=self.port.serve,
            watcher=self.port,
            persistent=True,
            pause=5.0,
        )

    @rule()
    def start(self) -> None:
        self.reopening.start()
        self.running = self.running or not self.ended

    @rule(there=st.booleans())
    def plug(self, there: bool) -> None:
        self.port.there = there

    @precondition(lambda self: self.port.lost_for)
    @rule(reason=st.sampled_from([UNPLUGGED, HUNG_UP]))
    def lose(self, reason: Failure) -> None:
        self.port.lose(reason)

    @rule()
    def time_passes(self) -> None:
        self.clock.advance(5.0)
        if self.running and self.port.there:
            assert self.port.lost_for

    @rule()
    def stop(self) -> None:
        self.reopening.stop()
        self.running, self.ended = False, True

    @invariant()
    def tries_or_serves(self) -> None:
        waits = len(self.clock.getDelayedCalls())
        assert waits == (1 if self.running and not self.port.lost_for else 0)


class ReopeningTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        Whatever happens in whatever order: it is open, or tried again, until it is stopped.
        """
        run_state_machine_as_test(AnyOrder)
