"""What a program writes, from the first octet that has not arrived."""

import os

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._window import WIDTH, Piece, Window, widen
from txqga.errors import CommandFailed


class WindowTests(SynchronousTestCase):
    def setUp(self) -> None:
        reads, self.writes = os.pipe()
        self.window = Window(reads, "standard output")
        self.addCleanup(self.window.close)
        self.addCleanup(self.hang_up)

    def say(self, data: bytes) -> None:
        os.write(self.writes, data)

    def hang_up(self) -> None:
        if self.writes >= 0:
            os.close(self.writes)
            self.writes = -1

    def refusal(self, offset: int) -> str:
        return str(self.assertRaises(CommandFailed, self.window.arrived, offset).desc)

    def test_nothing(self) -> None:
        """
        As long as nothing was written, there is an empty piece, and more may come.
        """
        self.assertEqual(self.window.piece(10), Piece(0, b"", False))

    def test_told_again(self) -> None:
        """
        What has not arrived is told again, with what came behind it.
        """
        self.say(b"abc")
        self.assertEqual(self.window.piece(10), Piece(0, b"abc", False))
        self.say(b"def")
        self.assertEqual(self.window.piece(10), Piece(0, b"abcdef", False))

    def test_arrived(self) -> None:
        """
        What has arrived is told no more; that may be said twice.
        """
        self.say(b"abcdef")
        self.window.piece(10)
        for _ in range(2):
            self.window.arrived(2)
            self.assertEqual(self.window.piece(10), Piece(2, b"cdef", False))

    def test_count(self) -> None:
        """
        No more is told than was asked for, though more was told before.
        """
        self.say(b"abcdef")
        self.assertEqual(self.window.piece(4), Piece(0, b"abcd", False))
        self.assertEqual(self.window.piece(2), Piece(0, b"ab", False))
        self.assertEqual(self.window.piece(0), Piece(0, b"", False))

    def test_not_read_unasked(self) -> None:
        """
        What nobody asked for stays in the pipe: who writes more than that waits.
        """
        os.set_blocking(self.writes, False)
        written = 0
        with self.assertRaises(BlockingIOError):
            while True:
                written += os.write(self.writes, bytes(1 << 16))
                self.window.piece(10)
        self.assertLessEqual(written, WIDTH + 10)

    def test_not_kept(self) -> None:
        """
        What was said to have arrived cannot be had again.
        """
        self.say(b"abc")
        self.window.piece(10)
        self.window.arrived(3)
        self.assertEqual(
            self.refusal(2), "offset 2 of standard output is not kept: 3 octets had arrived"
        )

    def test_too_far(self) -> None:
        """
        What was not told cannot have arrived: it would be lost.
        """
        self.say(b"abcdef")
        self.window.piece(3)
        self.assertEqual(
            self.refusal(4), "offset 4 of standard output is too far: 3 octets were told"
        )
        self.assertEqual(self.window.piece(3), Piece(0, b"abc", False))

    def test_eof(self) -> None:
        """
        The end is told with the last octets, and again whenever somebody asks.
        """
        self.say(b"abc")
        self.hang_up()
        self.assertEqual(self.window.piece(2), Piece(0, b"ab", False))
        for _ in range(2):
            self.assertEqual(self.window.piece(10), Piece(0, b"abc", True))
        self.window.arrived(3)
        self.assertEqual(self.window.piece(10), Piece(3, b"", True))

    def test_end_is_not_seen_through(self) -> None:
        """
        The end is not told before what lies ahead of it.
        """
        self.say(b"abc")
        self.hang_up()
        self.window.piece(10)
        self.assertEqual(self.window.piece(2), Piece(0, b"ab", False))

    def test_held(self) -> None:
        """
        A stream is held as long as somebody can write into it, whatever is left to read.
        """
        self.assertTrue(self.window.is_held())
        self.say(b"abc")
        self.assertTrue(self.window.is_held())
        self.hang_up()
        self.assertFalse(self.window.is_held())
        self.window.piece(10)
        self.assertFalse(self.window.is_held())

    def test_close(self) -> None:
        """
        Who still writes into what was closed is told so.
        """
        self.window.close()
        self.window.close()
        self.assertRaises(BrokenPipeError, self.say, b"x")


class WidenTests(SynchronousTestCase):
    def test_no_pipe(self) -> None:
        """
        Where nothing can be widened, nothing is.
        """
        fd = os.open(os.devnull, os.O_RDONLY)
        self.addCleanup(os.close, fd)
        widen(fd)


class LossyHost(RuleBasedStateMachine):
    """A host that reads, and does not hear of every reply."""

    def __init__(self) -> None:
        super().__init__()
        reads, self.writes = os.pipe()
        self.window = Window(reads, "standard output")
        self.said = b""
        self.heard = b""
        self.ended = False

    @precondition(lambda self: not self.ended)
    @rule(data=st.binary(max_size=50))
    def say(self, data: bytes) -> None:
        if data:
            os.write(self.writes, data)
        self.said += data

    @precondition(lambda self: not self.ended)
    @rule()
    def end(self) -> None:
        os.close(self.writes)
        self.ended = True

    @rule(count=st.integers(0, 60), lost=st.booleans())
    def ask(self, count: int, lost: bool) -> None:
        self.window.arrived(len(self.heard))
        piece = self.window.piece(count)
        assert piece.offset == len(self.heard)
        if not lost:
            self.heard += piece.data
            assert self.said.startswith(self.heard)
            if piece.eof:
                assert self.ended
                assert self.heard == self.said

    def teardown(self) -> None:
        if not self.ended:
            self.end()
        eof = False
        while not eof:
            self.window.arrived(len(self.heard))
            piece = self.window.piece(7)
            self.heard += piece.data
            eof = piece.eof
        assert self.heard == self.said


class LossyHostTests(SynchronousTestCase):
    def test_nothing_lost_or_doubled(self) -> None:
        """
        Whichever replies are lost, a host that asks again has each octet once, to the end.
        """
        run_state_machine_as_test(LossyHost)
