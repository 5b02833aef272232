"""Freezing, put together, in one agent and the next."""

from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._threads import Threads
from tests.agent.test_hook import Programs, ran
from txqga.agent._config import Config
from txqga.agent._freezing import Freezing
from txqga.agent._frozen_file import FrozenFile
from txqga.agent.platform import MemoryMounts, MemoryPlatform, Mounted
from txqga.errors import CommandFailed


class Guest(MemoryPlatform):
    """A machine whose clock is the test's."""

    clock: Threads

    def boot_time(self) -> float:
        return self.clock.seconds()


class FreezingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.threads = Threads()
        self.mounts = MemoryMounts((Mounted("/", "1:1"), Mounted("/data", "1:2")))
        self.platform = Guest(mounts=self.mounts)
        self.platform.clock = self.threads
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.programs = Programs()
        self.still: list[bool] = []

    def agent(self, limit: int = 600) -> Freezing:
        return Freezing(
            self.threads.reactor,
            Config(fsfreeze_hook="/hook", freeze_limit=limit),
            FrozenFile(str(self.folder), "this"),
            self.platform,
            self.still.append,
            self.programs,
            self.threads.start,
        )

    def killed(self) -> None:
        """The agent goes, and with it its timers and threads."""
        for call in self.threads.getDelayedCalls():
            call.cancel()
        self.threads.waiting.clear()

    def done(self, reply: Deferred[int]) -> int:
        self.threads.run()
        return self.successResultOf(reply)

    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.threads.advance(1)
            self.threads.run()

    def late(self, agent: Freezing) -> str:
        reply = agent.freeze.thaw()
        self.threads.run()
        return str(self.failureResultOf(reply, CommandFailed).value)

    def test_killed(self) -> None:
        """
        An agent that was killed leaves a freeze, which the next one finds, with its deadline.
        """
        self.done(self.agent().freeze.freeze())
        self.wait(100)
        self.killed()
        self.threads.advance(400)
        agent = self.agent()
        self.assertTrue(agent.is_frozen())
        self.assertEqual(self.successResultOf(agent.freeze.renew()), 100)
        self.wait(99)
        self.assertEqual(self.mounts.frozen, {"/", "/data"})
        self.wait(1)
        self.assertEqual(self.mounts.frozen, set())
        self.assertFalse(agent.is_frozen())
        self.assertEqual([each[1] for each in ran(self.programs)], ["freeze", "thaw"])  # type: ignore[index]

    def test_killed_untold(self) -> None:
        """
        An agent that is killed after it has thawed by itself leaves it to the next one to say so.
        """
        self.done(self.agent(limit=3).freeze.freeze())
        self.wait(3)
        self.killed()
        agent = self.agent()
        self.assertFalse(agent.is_frozen())
        self.assertIn("thawed by itself after 3 s", self.late(agent))
        self.killed()
        self.assertEqual(self.done(self.agent().freeze.thaw()), 0)

    def test_of_qemu_ga(self) -> None:
        """
        What ``qemu-ga`` left frozen is thawed by a client, or when our own limit is over.
        """
        for wait in (0, 5):
            (self.folder / "qga.state.isfrozen").touch()
            self.mounts.frozen |= {"/", "/data"}
            agent = self.agent(limit=5)
            self.assertTrue(agent.is_frozen())
            if wait:
                self.wait(wait)
                self.assertIn("thawed by itself after 5 s", self.late(agent))
            else:
                self.assertEqual(self.done(agent.freeze.thaw()), 2)
            self.assertEqual(self.mounts.frozen, set())
            self.killed()

    def test_no_limit(self) -> None:
        """
        Without a limit it lasts until somebody thaws.
        """
        agent = self.agent(limit=0)
        self.done(agent.freeze.freeze())
        self.wait(1000)
        self.assertIsNone(self.successResultOf(agent.freeze.renew()))
        self.assertEqual(self.done(agent.freeze.thaw()), 2)
        self.assertEqual(self.still, [True, False])

    def test_end(self) -> None:
        """
        An agent that ends leaves nothing frozen, and nothing for the next one.
        """
        agent = self.agent()
        self.done(agent.freeze.freeze())
        ended = agent.freeze.end()
        self.threads.run()
        self.successResultOf(ended)
        self.assertEqual((self.mounts.frozen, list(self.folder.iterdir())), (set(), []))
        self.assertEqual(len(ran(self.programs)), 2)
