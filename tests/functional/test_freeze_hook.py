"""Hooks on the host, as real programs."""

from pathlib import Path

from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from txqga.errors import HookFailed
from txqga.fsfreeze import Hook

KILLED = r"\Ait was killed, having run for [0-9.]+ s\Z"


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


class HookTests(TestCase):
    timeout = 60

    def setUp(self) -> None:
        from twisted.internet import reactor

        self.reactor = reactor

    def hook(self, script: str, seconds: float = 60) -> Hook:
        return Hook(["/bin/sh", "-c", script], seconds)

    async def failed(self, hook: Hook) -> str:
        try:
            await hook.run(self.reactor, "freeze", ["db1"])
        except HookFailed as why:
            return why.desc
        return "it did not fail"

    async def test_runs(self) -> None:
        """
        A program learns what it is for, and about which guests.
        """
        file = Path(self.mktemp())
        # a child of its own that goes on is not waited for
        hook = self.hook(f"sleep 5 & echo $0 $TXQGA_GUESTS >> {file}; exit 0")
        await hook.run(self.reactor, "freeze", ["db1", "web1"])
        await hook.run(self.reactor, "thaw", ["db1", "web1"])
        self.assertEqual(file.read_text(), "freeze db1 web1\nthaw db1 web1\n")

    async def test_fails(self) -> None:
        """
        One that fails, is killed, hangs, or is not there, is told apart in words.
        """
        told = await self.failed(self.hook("echo no room; exit 3"))
        self.assertEqual(told, "exit status 3: no room")
        self.assertEqual(await self.failed(self.hook("kill -15 $$")), "signal 15")
        hangs = self.hook("exec sleep 600", seconds=0.2)
        self.assertRegex(await self.failed(hangs), KILLED)
        told = await self.failed(Hook(["/no/such/program"]))
        self.assertIn("/no/such/program: No such file or directory", told)

    async def test_grandchildren(self) -> None:
        """
        One that hangs is killed with all that it has started.
        """
        pids = Path(self.mktemp())
        script = f"sleep 601 & echo $! >> {pids}; (sleep 602 & echo $! >> {pids}; wait) & wait"
        hook = self.hook(script, seconds=5)
        self.assertRegex(await self.failed(hook), KILLED)
        started = [int(pid) for pid in pids.read_text().split()]
        self.assertEqual(len(started), 2)
        while any(is_running(pid) for pid in started):
            await deferLater(self.reactor, 0.01)
