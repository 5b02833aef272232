"""Filesystems frozen in threads, and freezes given up."""

from collections.abc import Callable

from twisted.trial.unittest import SynchronousTestCase

from tests.agent._threads import Threads
from txqga.agent._holder import Holder
from txqga.agent.platform import MemoryMounts, MemoryPlatform, Mounted
from txqga.errors import CommandFailed

ROOT, DATA, LOG = Mounted("/", "1:1"), Mounted("/data", "1:2"), Mounted("/log", "1:3")


class Slow(MemoryPlatform):
    """Something happens when a filesystem is about to be frozen, or let go where it is mounted."""

    happens: Callable[[Mounted], None] = staticmethod(lambda mount: None)

    def freeze(self, mount: Mounted) -> int | None:
        self.happens(mount)
        return super().freeze(mount)

    def thaw_at(self, mount: Mounted) -> bool:
        self.happens(mount)
        return super().thaw_at(mount)


class HolderTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.threads = Threads()
        self.mounts = MemoryMounts((ROOT, DATA, LOG))
        self.platform = Slow(mounts=self.mounts)
        self.holder = Holder(self.threads.reactor, self.platform, self.threads.start)

    def test_choose(self) -> None:
        """
        All are chosen, or those at certain folders; unknown ones are passed over.
        """
        everything = self.holder.choose(None)
        some = self.holder.choose(["/data", "/nowhere", "/data/"])
        none = self.holder.choose([])
        self.threads.run()
        self.assertEqual(self.successResultOf(everything), [ROOT, DATA, LOG])
        self.assertEqual(self.successResultOf(some), [DATA])
        self.assertEqual(self.successResultOf(none), [])

    def test_hold_and_release(self) -> None:
        """
        The last one is frozen first, and thawed last.
        """
        held = self.holder.hold([ROOT, DATA])
        self.threads.run()
        self.assertEqual(self.successResultOf(held), 2)
        released = self.holder.release()
        self.threads.run()
        self.assertEqual(self.successResultOf(released), 2)
        self.assertEqual(
            self.mounts.done,
            [("freeze", "/data"), ("freeze", "/"), ("thaw", "/"), ("thaw", "/data")],
        )
        released = self.holder.release()
        self.threads.run()
        self.assertEqual(self.successResultOf(released), 0)

    def test_left_out(self) -> None:
        """
        What cannot be frozen does not count.
        """
        self.mounts.refuse({"/data": None})
        held = self.holder.hold([ROOT, DATA])
        self.threads.run()
        self.assertEqual(self.successResultOf(held), 1)

    def test_refused(self) -> None:
        """
        Where one fails the others are not tried, and those that were frozen can be let go.
        """
        self.mounts.refuse({"/data": CommandFailed("failed to freeze /data: I/O error")})
        held = self.holder.hold([ROOT, DATA, LOG])
        self.threads.run()
        self.failureResultOf(held, CommandFailed)
        self.assertEqual(self.mounts.frozen, {"/log"})
        self.holder.release()
        self.threads.run()
        self.assertEqual(self.mounts.frozen, set())

    def test_given_up(self) -> None:
        """
        A freeze that hangs can be given up: all else is thawed, and in the end that one too.
        """
        now: list[set[str]] = []

        def happens(mount: Mounted) -> None:
            if mount == DATA:
                self.holder.give_up(CommandFailed("too slow"))
                self.failureResultOf(held, CommandFailed)
                released = self.holder.release()
                self.threads.run()
                self.assertEqual(self.successResultOf(released), 1)
                now.append(set(self.mounts.frozen))
                busy = self.holder.choose(None)
                self.threads.run()
                why = str(self.failureResultOf(busy, CommandFailed).value)
                self.assertEqual(why, "failed to freeze /data: no answer yet to an earlier freeze")

        self.platform.happens = happens
        held = self.holder.hold([ROOT, DATA, LOG])
        self.threads.run()
        self.assertEqual(now, [set()])
        self.assertEqual(self.mounts.frozen, set())
        self.assertNotIn(("freeze", "/"), self.mounts.done)
        again = self.holder.choose(None)
        self.threads.run()
        self.assertEqual(len(self.successResultOf(again)), 3)

    def test_thaw_hangs(self) -> None:
        """
        While a thaw waits for a disk nothing is frozen: it would be let go behind everybody's
        back, or not at all.
        """
        told: list[str] = []

        def happens(mount: Mounted) -> None:
            if mount == DATA:
                busy = self.holder.choose(["/log"])
                self.threads.run()
                told.append(str(self.failureResultOf(busy, CommandFailed).value))

        self.platform.happens = happens
        self.holder.release()
        self.threads.run()
        self.assertEqual(told, ["failed to freeze: no answer yet to an earlier thaw"])
        again = self.holder.choose(["/log"])
        self.threads.run()
        self.assertEqual(self.successResultOf(again), [LOG])

    def test_nothing_to_give_up(self) -> None:
        """
        Where no freeze is under way nothing is given up.
        """
        self.holder.give_up(CommandFailed("x"))
        held = self.holder.hold([])
        self.threads.run()
        self.assertEqual(self.successResultOf(held), 0)
        self.holder.give_up(CommandFailed("x"))
