"""A freeze, step by step."""

import shutil
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._threads import Threads
from tests.agent.test_hook import Programs, ran
from txqga.agent._frozen_file import FrozenFile, Remembered
from txqga.agent._holder import Holder
from txqga.agent._hook import Hook
from txqga.agent._standstill import PAUSE, Standstill
from txqga.agent._thaw import LOOK, LOOKS
from txqga.agent.platform import MemoryMounts, MemoryPlatform, Mounted
from txqga.errors import CommandFailed
from txqga.fsfreeze import Lapsed, Released, Span, Timing


class StandstillTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.threads = Threads()
        self.threads.advance(100)
        self.mounts = MemoryMounts((Mounted("/", "1:1"), Mounted("/data", "1:2")))
        self.platform = MemoryPlatform(mounts=self.mounts)
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.memory = FrozenFile(str(self.folder), "this")
        self.still: list[tuple[bool, bool]] = []
        self.began: list[Span] = []
        self.make()

    def make(self, *failing: str, memory: bool = True, shut: bool = False) -> None:
        self.programs = Programs(*failing)
        self.steps = Standstill(
            self.threads.reactor,
            holder=Holder(self.threads.reactor, self.platform, self.threads.start),
            hook=Hook("/hook", 0, self.programs),
            memory=self.memory if memory else None,
            timing=Timing(clock=self.threads, boottime=self.threads.seconds, limit=600),
            still=lambda frozen: self.still.append((frozen, bool(self.mounts.frozen))),
            shut=shut,
        )

    def words(self) -> list[object]:
        """What the hook was told."""
        return [each[1] for each in ran(self.programs) if isinstance(each, tuple)]

    def freeze(self) -> Deferred[int]:
        reply = self.steps.freeze(None, self.began.append)
        self.threads.run()
        return reply

    def release(self, lapsed: Lapsed | None = None) -> Deferred[Released]:
        reply = self.steps.release(lapsed)
        self.threads.run()
        return reply

    def test_freeze_and_release(self) -> None:
        """
        Silence begins before the first filesystem is frozen, and ends when all are thawed.
        """
        self.assertEqual(self.successResultOf(self.freeze()), 2)
        self.assertEqual(self.began, [Span(100, 700)])
        self.assertEqual(self.memory.load(), Remembered(since=100, until=700))
        self.assertTrue(self.steps.shut)
        self.assertEqual(self.words(), ["freeze"])
        self.assertEqual(self.successResultOf(self.release()), Released(2))
        self.assertEqual(self.still, [(True, False), (False, False)])
        self.assertFalse(self.steps.shut)
        self.assertIsNone(self.memory.load())
        self.assertEqual(self.words(), ["freeze", "thaw"])

    def test_hook_fails(self) -> None:
        """
        Where the hook fails nothing is frozen, and what it may have begun is ended.
        """
        self.make("freeze")
        why = self.failureResultOf(self.freeze(), CommandFailed).value
        self.assertEqual(str(why), "child process has failed to execute fsfreeze hook")
        self.assertEqual((self.mounts.done, self.still), ([], []))
        self.assertEqual(self.words(), ["freeze", "thaw"])

    def test_no_list(self) -> None:
        """
        Where the mounts are not told the hook's work is undone.
        """
        self.platform.tell(mounted=CommandFailed("failed to open mtab file"))
        self.failureResultOf(self.freeze(), CommandFailed)
        self.assertEqual((self.still, self.words()), ([], ["freeze", "thaw"]))

    def test_half_way(self) -> None:
        """
        Where one cannot be frozen all others are thawed, and the hook is told.
        """
        self.mounts.refuse({"/": CommandFailed("failed to freeze /: Input/output error")})
        why = self.failureResultOf(self.freeze(), CommandFailed).value
        self.assertEqual(str(why), "failed to freeze /: Input/output error")
        self.assertEqual(self.mounts.done, [("freeze", "/data"), ("thaw", "/data")])
        self.assertEqual(self.still, [(True, False), (False, False)])
        self.assertEqual((self.memory.load(), self.words()), (None, ["freeze", "thaw"]))

    def test_bug(self) -> None:
        """
        Even a fault of the agent's own leaves nothing frozen.
        """
        fault = ValueError("a fault")

        def freeze(mount: Mounted) -> int | None:
            if mount.folder == "/":
                raise fault
            return self.mounts.freeze(mount)

        self.patch(self.platform, "freeze", freeze)
        self.assertIs(self.failureResultOf(self.freeze()).value, fault)
        self.assertEqual((self.mounts.frozen, self.steps.shut), (set(), False))

    def test_none(self) -> None:
        """
        Where there is nothing to freeze all is as before.
        """
        reply = self.steps.freeze([], self.began.append)
        self.threads.run()
        self.assertEqual(self.successResultOf(reply), 0)
        self.assertFalse(self.steps.shut)
        self.assertEqual((self.memory.load(), self.words()), (None, ["freeze", "thaw"]))

    def test_given_up_early(self) -> None:
        """
        A freeze that is given up while its hook runs freezes nothing.
        """
        reply = self.steps.freeze(None, self.began.append)
        self.steps.give_up(CommandFailed("the agent ends"), for_good=True)
        self.threads.run()
        self.failureResultOf(reply, CommandFailed)
        self.assertEqual((self.mounts.done, self.began), ([], []))
        self.assertEqual(self.words(), ["freeze", "thaw"])

    def test_thaw_hook_fails(self) -> None:
        """
        A hook that fails after the thaw is told; everything is thawed all the same.
        """
        self.make("thaw")
        self.freeze()
        released = self.successResultOf(self.release())
        self.assertEqual(released.count, 2)
        assert released.failure is not None
        self.assertIsInstance(released.failure.value, CommandFailed)
        self.assertFalse(self.steps.shut)

    def test_client_without_freeze(self) -> None:
        """
        A client's thaw runs the hook even if nothing was frozen; silence there is none.
        """
        self.assertEqual(self.successResultOf(self.release()), Released(0))
        self.assertEqual((self.words(), self.still), (["thaw"], []))

    def test_lapsed(self) -> None:
        """
        That a freeze ended by itself is remembered until somebody was told.
        """
        self.freeze()
        self.successResultOf(self.release(Lapsed(600)))
        self.assertEqual(self.memory.load(), Remembered(lapsed=600))
        self.assertEqual(self.words(), ["freeze", "thaw"])
        self.steps.forget()
        self.assertIsNone(self.memory.load())

    def test_kept(self) -> None:
        """
        A client is told what does not answer; the agent itself tries again and again.
        """
        self.freeze()
        reply = self.steps.release(None)
        self.threads.pump([LOOK] * (LOOKS + 1))
        self.failureResultOf(reply, CommandFailed)
        self.assertTrue(self.steps.shut)
        reply = self.steps.release(Lapsed(600))
        for _ in range(3):
            self.threads.pump([LOOK] * (LOOKS + 1))
            self.assertNoResult(reply)
            self.threads.advance(PAUSE)
        self.threads.run()
        self.threads.advance(LOOK)
        self.assertEqual(self.successResultOf(reply).count, 2)

    def test_note(self) -> None:
        """
        A renewal is written down, in a thread; of many the last one.
        """
        self.freeze()
        for until in (800.0, 900.0, 1000.0):
            self.steps.note(Span(100, until))
        self.assertEqual(len(self.threads.waiting), 1)
        self.threads.run()
        self.assertEqual(self.memory.load(), Remembered(since=100, until=1000))
        self.steps.note(Span(100, 1100))
        self.threads.run()
        self.assertEqual(self.memory.load(), Remembered(since=100, until=1100))

    def test_note_too_late(self) -> None:
        """
        A renewal that could not be written before the thaw leaves nothing behind.
        """
        self.freeze()
        self.steps.note(Span(100, 800))
        [note] = self.threads.waiting
        self.threads.waiting.clear()
        self.successResultOf(self.release())
        note()
        self.assertIsNone(self.memory.load())

    def test_no_memory(self) -> None:
        """
        It can do without a memory.
        """
        self.make(memory=False)
        self.assertEqual(self.successResultOf(self.freeze()), 2)
        self.steps.note(Span(100, 800))
        self.steps.forget()
        self.assertEqual(self.successResultOf(self.release(Lapsed(1))).count, 2)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_cannot_write_down(self) -> None:
        """
        What cannot be written down is not frozen: an agent that is started anew would not know.
        """
        self.folder.rmdir()
        why = self.failureResultOf(self.freeze(), CommandFailed).value
        self.assertEqual(
            str(why),
            "failed to freeze: cannot write that down in the state directory: "
            "No such file or directory",
        )
        self.assertEqual((self.mounts.done, self.still), ([], []))
        self.assertFalse(self.steps.shut)
        self.assertEqual(self.words(), ["freeze", "thaw"])

    def test_cannot_remember(self) -> None:
        """
        What cannot be written down later is told, and hinders nothing.
        """
        self.assertEqual(self.successResultOf(self.freeze()), 2)
        shutil.rmtree(self.folder)
        with capturedLogs() as seen:
            self.steps.note(Span(100, 800))
            self.threads.run()
            self.successResultOf(self.release(Lapsed(1)))
        texts = [each for each in seen if "cannot write down" in each.get("log_format", "")]
        self.assertEqual(len(texts), 2)
        self.assertIn("No such file or directory", str(texts[0]["why"]))
