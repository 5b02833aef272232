"""The recovery machine: every transition."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import FrameTooLong
from txqga.wire._recovery import IDLE, IN_TEXT, LOST, SKIPPING, Core, Recovery, machine


class RecoveryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.flushed = 0

    def between(self, data: bytes, pos: int) -> int:
        raise NotImplementedError

    def inside(self, data: bytes, pos: int) -> int:
        raise NotImplementedError

    def skipping(self, data: bytes, pos: int) -> int:
        raise NotImplementedError

    def flush(self) -> None:
        self.flushed += 1

    def start(self, state: Any) -> tuple[Recovery, Core]:
        """Start in a state, with the way to read that belongs to it."""
        core = Core(between=self.between, inside=self.inside, skip=self.skipping, flush=self.flush)
        recovery = machine(core, state)
        return recovery, core

    def test_start(self) -> None:
        """
        At first, a text may begin.
        """
        _, core = self.start(IDLE)
        self.assertEqual(core.go, self.between)

    def test_text(self) -> None:
        """
        A text that outlives its octets is read on, until it is whole.
        """
        recovery, core = self.start(IDLE)
        recovery.pause()
        self.assertEqual(core.go, self.inside)
        recovery.pause()
        self.assertEqual(core.go, self.inside)
        recovery.finish()
        self.assertEqual(core.go, self.between)

    def test_skip(self) -> None:
        """
        What is skipped is skipped until texts begin again.
        """
        for state in (IDLE, IN_TEXT, SKIPPING):
            recovery, core = self.start(state)
            core.go = self.skipping
            recovery.skip()
            self.assertEqual(core.go, self.skipping)
            recovery.pause()
            recovery.finish()
            self.assertEqual(core.go, self.skipping)
            recovery.resume()
            self.assertEqual(core.go, self.between)

    def test_sentinel(self) -> None:
        """
        0xFF drops what is unfinished or skipped, and a text may begin.
        """
        for flushed, state in enumerate((IDLE, IN_TEXT, SKIPPING), 1):
            recovery, core = self.start(state)
            core.go = self.skipping
            recovery.sentinel()
            self.assertEqual(core.go, self.between)
            self.assertEqual(self.flushed, flushed)
            recovery.pause()
            self.assertEqual(core.go, self.inside)

    def test_lost(self) -> None:
        """
        A stream that is lost stays lost, whatever comes.
        """
        for state in (IDLE, IN_TEXT, SKIPPING):
            recovery, core = self.start(state)
            recovery.lose("too long")
            for tell in (
                recovery.pause,
                recovery.finish,
                recovery.skip,
                recovery.resume,
                recovery.sentinel,
            ):
                tell()
            recovery.lose("again")
            fault = self.assertRaises(FrameTooLong, core.go, b"{}", 0)
            self.assertEqual(fault.desc, "too long")
        self.assertEqual(self.flushed, 0)

    def test_nothing_to_end(self) -> None:
        """
        What was never begun need not be ended.
        """
        recovery, core = self.start(IDLE)
        recovery.finish()
        recovery.resume()
        self.assertEqual(core.go, self.between)
        recovery, core = self.start(IN_TEXT)
        core.go = self.inside
        recovery.resume()
        self.assertEqual(core.go, self.inside)
        recovery, core = self.start(LOST)
        recovery.resume()
        self.assertEqual(self.flushed, 0)
