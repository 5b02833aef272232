"""Everything thawed, although some disks do not answer."""

import errno
import threading
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._threads import Threads
from txqga.agent._thaw import LOOK, LOOKS, Thaw
from txqga.agent._worker import Worker
from txqga.agent.platform import MemoryMounts, MemoryPlatform, Mounted
from txqga.errors import CommandFailed

ROOT, DATA, LOG = Mounted("/", "1:1"), Mounted("/data", "1:2"), Mounted("/log", "1:3")


class ThawTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.threads = Threads()
        self.mounts = MemoryMounts((ROOT, DATA, LOG))
        self.platform = MemoryPlatform(mounts=self.mounts)

    def in_thread(self, work: Callable[[], None]) -> Deferred[None]:
        worker = Worker(self.threads.reactor, self.threads.start)
        done = worker.run(work)
        worker.close()
        return done

    def thaw(self, *held: Mounted, but: str | None = None) -> Thaw:
        numbers = [(each, self.platform.freeze(each) or 0) for each in held]
        self.mounts.done.clear()
        return Thaw(self.threads, self.in_thread, self.platform, numbers, but)

    def test_held(self) -> None:
        """
        What we hold is thawed in the other order, and counted once.
        """
        waiting = self.thaw(DATA, ROOT).wait()
        self.threads.run()
        self.assertEqual(self.successResultOf(waiting), 2)
        self.assertEqual(self.mounts.done, [("thaw", "/"), ("thaw", "/data")])

    def test_others(self) -> None:
        """
        What others froze is thawed and counted, those first that others lie on.
        """
        self.mounts.frozen |= {"/", "/log"}
        waiting = self.thaw(DATA).wait()
        self.threads.run()
        self.assertEqual(self.successResultOf(waiting), 3)
        self.assertEqual([folder for _, folder in self.mounts.done], ["/data", "/", "/log"])

    def test_stays_frozen(self) -> None:
        """
        One that stays frozen is told when all others are thawed; the next thaw tries again.
        """
        thaw_one = self.platform.thaw
        fault = OSError(errno.EIO, "Input/output error")

        def thaw(held: int) -> bool:
            if self.mounts.done:
                return thaw_one(held)
            self.mounts.done.append(("thaw", "/"))
            raise fault

        thawing = self.thaw(DATA, ROOT)
        self.platform.tell(mounted=CommandFailed("failed to open mtab file"))
        self.patch(self.platform, "thaw", thaw)
        waiting = thawing.wait()
        self.threads.run()
        why = self.failureResultOf(waiting, CommandFailed).value
        self.assertEqual(str(why), "failed to thaw /: Input/output error")
        self.assertEqual(self.mounts.frozen, {"/"})

    def test_of_others_stays_frozen(self) -> None:
        """
        That goes for what others froze, too.
        """
        thawing = self.thaw()
        fault = OSError(errno.EIO, "Input/output error")

        def thaw_at(mount: Mounted) -> bool:
            raise fault

        self.patch(self.platform, "thaw_at", thaw_at)
        waiting = thawing.wait()
        self.threads.run()
        why = self.failureResultOf(waiting, CommandFailed).value
        self.assertEqual(str(why), "failed to thaw /: Input/output error")

    def test_nothing(self) -> None:
        """
        Where nothing is frozen the count is 0; who asks afterwards hears the same.
        """
        thaw = self.thaw()
        self.threads.run()
        self.assertEqual(self.successResultOf(thaw.wait()), 0)

    def test_being_frozen(self) -> None:
        """
        A filesystem that is just being frozen is left to whoever freezes it.
        """
        self.mounts.frozen.add("/data")
        waiting = self.thaw(but=DATA.device).wait()
        self.threads.run()
        self.assertEqual(self.successResultOf(waiting), 0)

    def test_no_list(self) -> None:
        """
        Without the list of mounts only what we hold can be thawed; if that is nothing, it fails.
        """
        self.platform.tell(mounted=CommandFailed("failed to open mtab file"))
        waiting = self.thaw(DATA).wait()
        self.threads.run()
        self.assertEqual(self.successResultOf(waiting), 1)
        waiting = self.thaw().wait()
        self.threads.run()
        why = self.failureResultOf(waiting, CommandFailed).value
        self.assertEqual(str(why), "failed to open mtab file")

    def test_fault(self) -> None:
        """
        A fault of the agent's own keeps nothing else from being thawed.
        """

        def thaw(held: int) -> bool:
            raise ValueError("a fault")

        thawing = self.thaw(DATA)
        self.patch(self.platform, "thaw", thaw)
        waiting = thawing.wait()
        self.threads.run()
        self.assertEqual(self.successResultOf(waiting), 1)
        self.assertEqual(self.mounts.frozen, set())
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_no_answer(self) -> None:
        """
        Who waits for something that does not answer is told so in the end, and may wait again.
        """
        thaw = self.thaw(DATA)
        waiting = thaw.wait()
        self.threads.pump([LOOK] * LOOKS)
        self.assertNoResult(waiting)
        self.threads.advance(LOOK)
        self.assertIn("no answer yet", str(self.failureResultOf(waiting, CommandFailed).value))
        waiting = thaw.wait()
        self.threads.run()
        self.assertEqual(self.successResultOf(waiting), 1)
        self.assertEqual(self.mounts.done, [("thaw", "/data")])


class HangingTests(SynchronousTestCase):
    """With real threads, some of which hang."""

    def test_others_go_on(self) -> None:
        """
        A disk that does not answer keeps one thread; another one thaws the rest.
        """
        answers, hangs, rest = threading.Event(), threading.Event(), threading.Event()

        class Hanging(MemoryPlatform):
            def thaw(self, held: int) -> bool:
                if held == 1:  # the last one frozen
                    hangs.set()
                    answers.wait(60)
                return super().thaw(held)

            def mounted(self) -> list[Mounted]:
                rest.set()
                return []

        mounts = MemoryMounts((DATA, ROOT))
        platform = Hanging(mounts=mounts)
        numbers = [(each, platform.freeze(each) or 0) for each in (ROOT, DATA)][::-1]
        threads: list[threading.Thread] = []

        def in_thread(work: Callable[[], None]) -> Deferred[None]:
            threads.append(threading.Thread(target=work, daemon=True))
            threads[-1].start()
            return Deferred()

        clock = Threads()
        thaw = Thaw(clock, in_thread, platform, numbers)
        waiting = thaw.wait()
        self.addCleanup(answers.set)
        self.assertTrue(hangs.wait(60))
        clock.advance(LOOK)
        self.assertTrue(rest.wait(60))
        threads[1].join(60)
        self.assertEqual(mounts.frozen, {"/"})
        self.assertFalse(thaw.over)
        clock.pump([LOOK] * (LOOKS + 1))
        why = str(self.failureResultOf(waiting, CommandFailed).value)
        self.assertEqual(why, "failed to thaw: no answer yet from /")
        answers.set()
        threads[0].join(60)
        self.assertTrue(thaw.over)
        self.assertEqual(len(threads), 2)
