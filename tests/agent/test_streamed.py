"""One program whose streams are read while it runs."""

import signal
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._group import Group
from txqga.agent._streamed import (
    DETACHED,
    ENDED,
    FORGOTTEN,
    RUNNING,
    Core,
    Inputs,
    Machine,
    Progress,
    Streamed,
    keep,
)
from txqga.testing import unanswered

EXIT_3 = 3 << 8  #: as ``waitpid`` says it
LIMIT, KEPT = 10.0, 100.0


class FakeGroup(Group):
    """Nobody is in it, and it says what was done to them."""

    def __init__(self) -> None:
        self.done: list[int | str] = []
        self.failure: OSError | None = None

    def signal(self, number: int) -> None:
        self.done.append(number)
        if self.failure is not None:
            raise self.failure

    def reap(self) -> None:
        self.done.append("reap")


class StreamedTestCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.group = FakeGroup()
        self.held = True
        self.forgotten = 0

    def forget(self) -> None:
        self.forgotten += 1

    def over(self) -> None:
        """Nothing is left to look after."""
        self.assertEqual(self.forgotten, 1)
        self.assertEqual(self.clock.getDelayedCalls(), [])


class TransitionTests(StreamedTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.core = Core(self.clock, self.group, lambda: self.held, self.forget, KEPT)

    def ended(self) -> Inputs:
        return Machine(self.core, ENDED, lambda inputs, core: keep(inputs, core, EXIT_3))

    def progress(self, machine: Inputs) -> Progress | None:
        told: list[Progress] = []
        machine.asked(told.append)
        return told.pop() if told else None

    def test_whole(self) -> None:
        """
        Whatever happens to a program at whatever time, there is an answer.
        """
        self.assertEqual(unanswered(Machine), [])

    def test_running(self) -> None:
        """
        A program that runs goes on running, whoever asks.
        """
        machine = Machine(self.core, RUNNING)
        machine.used()
        self.assertEqual(self.progress(machine), Progress(running=True, timed_out=False))
        self.assertEqual(self.group.done, [])

    def test_ends(self) -> None:
        """
        What has ended is kept, and not reaped: its number stays its own.
        """
        machine = Machine(self.core, RUNNING)
        machine.ended(EXIT_3)
        machine.ended(0)
        for _ in range(2):
            progress = Progress(running=False, exitcode=3, timed_out=False)
            self.assertEqual(self.progress(machine), progress)
        self.assertEqual((self.group.done, self.forgotten), ([], 0))

    def test_killed(self) -> None:
        """
        What a signal ended has no exit code.
        """
        machine = Machine(self.core, RUNNING)
        machine.ended(signal.SIGKILL)
        self.assertEqual(self.progress(machine), Progress(running=False, signal=9, timed_out=False))

    def test_released(self) -> None:
        """
        What has ended is reaped when it is released.
        """
        machine = self.ended()
        machine.release()
        self.assertEqual(self.group.done, ["reap"])
        self.over()

    def test_unwanted(self) -> None:
        """
        What has ended is forgotten when nobody has used it for long enough; to ask how it fares is
        no use.
        """
        machine = self.ended()
        self.clock.advance(KEPT - 1)
        machine.used()
        self.clock.advance(KEPT - 1)
        self.progress(machine)
        self.assertEqual((self.group.done, self.forgotten), ([], 0))
        self.clock.advance(1)
        self.assertEqual(self.group.done, ["reap"])
        self.over()

    def test_detached(self) -> None:
        """
        What is released while it runs lives on, and is reaped when it ends.
        """
        machine = Machine(self.core, RUNNING)
        machine.release()
        machine.release()
        machine.used()
        self.assertIsNone(self.progress(machine))
        self.assertEqual((self.group.done, self.forgotten), ([], 0))
        machine.ended(0)
        self.assertEqual(self.group.done, ["reap"])
        self.over()

    def test_stop(self) -> None:
        """
        At the agent's end what runs is hung up, unless it was released.
        """
        Machine(self.core, RUNNING).stop()
        self.assertEqual(self.group.done, [signal.SIGHUP])
        self.over()
        Machine(self.core, DETACHED).stop()
        self.assertEqual(self.group.done, [signal.SIGHUP])
        self.ended().stop()
        self.assertEqual(self.group.done, [signal.SIGHUP, "reap"])
        self.assertEqual(self.forgotten, 3)

    def test_forgotten(self) -> None:
        """
        What was forgotten stays so.
        """
        machine = Machine(self.core, FORGOTTEN)
        machine.ended(0)
        machine.used()
        machine.release()
        machine.stop()
        self.assertIsNone(self.progress(machine))
        self.assertEqual((self.group.done, self.forgotten), ([], 0))


class TimeOutTests(StreamedTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.life = Streamed(
            self.clock, self.group, lambda: self.held, self.forget, time_out=LIMIT, kept=KEPT
        )

    def test_running(self) -> None:
        """
        When its time is up, its whole group is killed, and its progress says so.
        """
        self.clock.advance(LIMIT - 0.1)
        self.assertEqual(self.group.done, [])
        self.clock.advance(0.1)
        self.assertEqual(self.group.done, [signal.SIGKILL])
        self.assertEqual(self.life.progress(), Progress(running=True, timed_out=True))
        self.life.ended(signal.SIGKILL)
        progress = Progress(running=False, signal=9, timed_out=True)
        self.assertEqual(self.life.progress(), progress)
        self.life.release()
        self.over()

    def test_in_time(self) -> None:
        """
        What has ended in time, and writes no more, is left alone.
        """
        self.life.ended(0)
        self.held = False
        self.clock.advance(LIMIT)
        self.assertEqual(self.group.done, [])
        self.assertFalse(self.life.progress().timed_out)

    def test_left_behind(self) -> None:
        """
        What a program has left behind, writing into its streams, is killed: somebody waits.
        """
        self.life.ended(0)
        self.clock.advance(LIMIT)
        self.assertEqual(self.group.done, [signal.SIGKILL])
        self.assertEqual(self.life.progress(), Progress(running=False, exitcode=0, timed_out=True))

    def test_detached(self) -> None:
        """
        The time-out of a released program still holds.
        """
        self.life.release()
        self.clock.advance(LIMIT)
        self.assertEqual(self.group.done, [signal.SIGKILL])
        self.life.ended(signal.SIGKILL)
        self.over()

    def test_not_allowed(self) -> None:
        """
        A program that may not be killed goes on.
        """
        self.group.failure = PermissionError()
        self.clock.advance(LIMIT)
        self.assertTrue(self.life.progress().running)

    def test_no_longer_needed(self) -> None:
        """
        What is released when it has ended, or stopped, leaves no timer.
        """
        self.life.ended(0)
        self.life.release()
        self.over()

    def test_stop(self) -> None:
        """
        At the agent's end no timer is left.
        """
        self.life.stop()
        self.over()


class AnyOrder(RuleBasedStateMachine):
    """A program to which anything happens, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.group = FakeGroup()
        self.forgotten = 0
        self.held = True
        self.life = Streamed(
            self.clock, self.group, lambda: self.held, self.forget, time_out=LIMIT, kept=KEPT
        )
        self.runs = True
        self.stopped = False

    def forget(self) -> None:
        self.forgotten += 1

    @rule(status=st.sampled_from([0, EXIT_3, signal.SIGKILL]))
    def ended(self, status: int) -> None:
        if self.runs:
            self.runs = False
            self.life.ended(status)

    @rule(what=st.sampled_from(["used", "release", "stop"]))
    def do(self, what: str) -> None:
        act: Callable[[], None] = getattr(self.life, what)
        act()
        self.stopped |= what == "stop"

    @rule()
    def streams_end(self) -> None:
        self.held = False

    @rule(seconds=st.floats(0, 2 * KEPT))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @invariant()
    def reaped_once_and_last(self) -> None:
        if "reap" in self.group.done:
            assert self.group.done.index("reap") == len(self.group.done) - 1
            assert self.forgotten == 1
            assert not self.runs
        assert self.forgotten <= 1
        if self.forgotten:
            assert not self.clock.getDelayedCalls()
            assert self.stopped or not self.runs

    def teardown(self) -> None:
        self.ended(0)
        self.clock.advance(2 * KEPT)
        assert self.forgotten == 1


class AnyOrderTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        Whatever happens, a program is forgotten once, its status is taken, and then it gets no
        signal and leaves no timer.
        """
        run_state_machine_as_test(AnyOrder)
