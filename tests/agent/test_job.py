"""One program that guest-exec started."""

import signal

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._capture import Capture
from txqga.agent._job import (
    DRAINING,
    FINISHED,
    RUNNING,
    SILENT,
    Core,
    Inputs,
    Job,
    Machine,
    Result,
    ended,
)
from txqga.testing import unanswered

EXIT_3 = 3 << 8  #: as ``waitpid`` says it


class TransitionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.out, self.err = Capture(), Capture()
        self.core = Core(self.out, self.err, 2)
        self.told: list[Result] = []

    def result(self, machine: Inputs) -> Result | None:
        machine.asked(self.told.append)
        return self.told.pop() if self.told else None

    def test_whole(self) -> None:
        """
        Whatever happens to a program at whatever time, there is an answer.
        """
        self.assertEqual(unanswered(Machine), [])

    def test_running(self) -> None:
        """
        A program that runs is not over, also when it has closed one of its streams.
        """
        machine = Machine(self.core, RUNNING)
        self.assertIsNone(self.result(machine))
        machine.stream_closed()
        self.assertIsNone(self.result(machine))

    def test_ends_before_its_streams(self) -> None:
        """
        A program that ended is not over while a grandchild holds one of its streams.
        """
        machine = Machine(self.core, RUNNING)
        machine.reaped(EXIT_3)
        machine.stream_closed()
        self.assertIsNone(self.result(machine))
        machine.stream_closed()
        self.assertEqual(
            self.result(machine), Result(exitcode=3, signal=None, out=self.out, err=self.err)
        )

    def test_ends_after_its_streams(self) -> None:
        """
        A program that closed its streams is over when it ends.
        """
        machine = Machine(self.core, RUNNING)
        machine.stream_closed()
        machine.stream_closed()
        self.assertIsNone(self.result(machine))
        machine.reaped(EXIT_3)
        self.assertEqual(
            self.result(machine), Result(exitcode=3, signal=None, out=self.out, err=self.err)
        )

    def test_silent(self) -> None:
        """
        A program of which nothing is captured is over when it ends.
        """
        machine = Machine(Core(None, None, 0), SILENT)
        self.assertIsNone(self.result(machine))
        machine.stream_closed()
        self.assertIsNone(self.result(machine))
        machine.reaped(0)
        self.assertEqual(self.result(machine), Result(exitcode=0, signal=None, out=None, err=None))

    def test_draining(self) -> None:
        """
        A program ends once.
        """
        machine = Machine(
            Core(self.out, None, 1), DRAINING, lambda inputs, core: ended(inputs, core, EXIT_3)
        )
        machine.reaped(0)
        self.assertIsNone(self.result(machine))
        machine.stream_closed()
        self.assertEqual(
            self.result(machine), Result(exitcode=3, signal=None, out=self.out, err=None)
        )

    def test_finished(self) -> None:
        """
        What came of a program does not change any more.
        """
        machine = Machine(self.core, FINISHED, lambda inputs, core: ended(inputs, core, EXIT_3))
        machine.reaped(0)
        machine.stream_closed()
        for _ in range(2):
            self.assertEqual(
                self.result(machine), Result(exitcode=3, signal=None, out=self.out, err=self.err)
            )


class JobTests(SynchronousTestCase):
    def test_exit(self) -> None:
        """
        A program that ended by itself has an exit code of eight bits.
        """
        job = Job(None, None)
        self.assertIsNone(job.result())
        job.reaped(300 % 256 << 8)
        self.assertEqual(job.result(), Result(exitcode=44, signal=None, out=None, err=None))

    def test_signal(self) -> None:
        """
        A program that a signal ended has that, and no exit code; with or without a core dump.
        """
        for core_dumped in (0, 0x80):
            job = Job(None, None)
            job.reaped(signal.SIGSEGV | core_dumped)
            self.assertEqual(job.result(), Result(exitcode=None, signal=11, out=None, err=None))

    def test_output(self) -> None:
        """
        What a program wrote is in its result.
        """
        out = Capture()
        job = Job(out, None)
        out.add(b"abc")
        job.stream_closed()
        job.reaped(0)
        result = job.result()
        assert result is not None
        self.assertIs(result.out, out)


class AnyOrder(RuleBasedStateMachine):
    """A program that ends and closes its streams, in any order, while somebody asks."""

    @initialize(out=st.booleans(), err=st.booleans())
    def start(self, out: bool, err: bool) -> None:
        self.job = Job(Capture() if out else None, Capture() if err else None)
        self.streams = out + err
        self.runs = True

    @precondition(lambda self: self.streams)
    @rule()
    def stream_closed(self) -> None:
        self.streams -= 1
        self.job.stream_closed()

    @precondition(lambda self: self.runs)
    @rule(code=st.integers(0, 255))
    def reaped(self, code: int) -> None:
        self.runs = False
        self.code = code
        self.job.reaped(code << 8)

    @rule()
    def asked(self) -> None:
        self.job.result()

    @invariant()
    def result_when_over(self) -> None:
        result = self.job.result()
        if self.runs or self.streams:
            assert result is None
        else:
            assert result is not None
            assert result.exitcode == self.code


class AnyOrderTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        There is a result when a program has ended and closed its streams, and never before.
        """
        run_state_machine_as_test(AnyOrder)
