"""What is written to a program, at the pace at which it reads."""

from typing import Any

from tests.exec._case import ExecCase
from txqga.errors import Misfit
from txqga.exec._input import CHUNK


class InputTests(ExecCase):
    def setUp(self) -> None:
        self.streamed()
        self.running = self.successResultOf(self.exec.start("cat", stdin=True))
        self.job = self.guest.job
        self.input: Any = self.running.stdin

    def test_order(self) -> None:
        """
        What is written is taken in order, and the end after it.
        """
        data = bytes(range(256)) * (CHUNK // 100)
        writes = [self.input.write(data), self.input.write(b"x"), self.input.close()]
        self.assertEqual([self.successResultOf(each) for each in writes], [True] * 3)
        self.assertEqual(bytes(self.job.input), data + b"x")
        self.assertTrue(self.job.closed and self.input.closed)

    def test_full(self) -> None:
        """
        A program that does not read is waited for, and what it has no room for is kept.
        """
        self.job.room = 3
        writing = self.input.write(b"abcdef", end=True)
        self.later()
        self.assertNoResult(writing)
        self.assertEqual((bytes(self.job.input), self.job.closed), (b"abc", False))
        self.job.room = 100
        self.later()
        self.assertTrue(self.successResultOf(writing))
        self.assertEqual((bytes(self.job.input), self.job.closed), (b"abcdef", True))

    def test_rare(self) -> None:
        """
        A program that does not read for long is not asked all the time.
        """
        self.job.room = 0
        writing = self.input.write(b"abc")
        self.later(60.0)
        self.assertLess(self.guest.executed.count("txqga-exec-write"), 80)
        writing.cancel()
        self.failureResultOf(writing)

    def test_nobody_reads(self) -> None:
        """
        A program that has closed its input takes nothing more, which is no error.
        """
        self.job.room = 3
        self.job.closed = True
        self.assertIs(self.successResultOf(self.input.write(b"abcdef")), False)
        self.assertIs(self.successResultOf(self.input.write(b"more")), False)
        self.assertTrue(self.input.closed)

    def test_over(self) -> None:
        """
        When the program has ended, what it has not taken is given up.
        """
        self.job.room = 0
        writing = self.input.write(b"abc")
        self.job.end()
        waiting = self.running.wait()
        self.later()
        self.assertTrue(self.successResultOf(waiting).ok)
        self.assertIs(self.successResultOf(writing), False)
        self.assertIs(self.successResultOf(self.input.write(b"more")), False)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_lies(self) -> None:
        """
        A guest that has taken more than there was is not believed.
        """
        for offset in (7, -1):
            self.guest.lie = {"offset": offset}
            self.failureResultOf(self.input.write(b"abc"), Misfit)
