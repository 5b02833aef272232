"""``txqga`` and a Windows guest with QEMU's agent."""

import hashlib
import random
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.task import deferLater

from tests.functional._cli_process import CliCase
from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._scripted_socket import serve
from tests.functional._windows_guest import BIG, KEPT, WindowsGuest
from txqga.cli import Exit

DATA = random.Random(4).randbytes(1_300_007)


class WindowsCase(CliCase):
    """A Windows guest, and what reaches it."""

    guest: tuple[str, ...] = ()  #: what names the guest, where something must

    async def setUp(self) -> None:  # type: ignore[override]
        # the path of a socket is a short one, which trial's own folders have no room for
        here = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(here.cleanup)
        self.here = Path(here.name)
        self.windows = WindowsGuest()
        port = await serve(self.windows.agent, self.here / "agent")
        self.addCleanup(port.stopListening)
        self.where = await self.reach(self.here / "agent")

    async def reach(self, socket: Path) -> tuple[str, ...]:
        """What stands before the verb."""
        return ("--connect", str(socket))

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not met():
            self.assertLess(time.monotonic(), deadline)
            await deferLater(reactor, 0.05)

    def place(self, path: str) -> str:
        """Name a file of the guest."""
        return ":".join([*(self.guest or ("",)), path])


class WindowsTests(WindowsCase):
    """Directly."""

    async def test_exec(self) -> None:
        """
        A program's output, its errors and its exit status come through, and what is not there is
        told; no other program is started for that.
        """
        done = await self.good("exec", *self.guest, "-n", "--", "cmd.exe", "/c", "ver")
        self.assertIn("10.0.20348.1", done.out)
        done = await self.txqga("exec", *self.guest, "-n", "--", "cmd.exe", "/c", "exit", "7")
        self.assertEqual((done.status, done.out), (7, ""))
        self.assertIn("it is told", done.err)
        done = await self.txqga("exec", *self.guest, "-n", "--", "none.exe")
        self.assertEqual(done.status, 127, done)
        self.assertEqual([each[0] for each in self.windows.started][:2], ["cmd.exe"] * 2)

    async def test_killed(self) -> None:
        """
        A program whose time is over is killed, with all that it has started.
        """
        words = ("exec", *self.guest, "-n", "--timeout", "1", "--", "cmd.exe", "/c", "pause")
        done = await self.txqga(*words)
        self.assertEqual(done.status, 124, done)
        self.assertEqual(self.windows.started[-1][:4], ("taskkill.exe", "/F", "/T", "/PID"))
        running = self.begin("exec", *self.guest, "-n", "--", "cmd.exe", "/c", "pause")
        await self.until(lambda: len(self.windows.started) == 3)
        running.interrupt()
        done = await running.ended
        self.assertEqual(self.windows.started[-1][0], "taskkill.exe", done)

    async def test_copied(self) -> None:
        """
        A file goes there and comes back, compared by reading it back, with the name that it has
        there; no program is started.
        """
        source, back = self.here / "a.bin", self.here / "back"
        source.write_bytes(DATA)
        back.mkdir()
        done = await self.good("--json", "cp", str(source), self.place("C:\\srv\\"))
        self.assertTrue(self.windows.files["C:\\srv\\a.bin"] == DATA)
        self.assertEqual((done.json["verified"], done.json["in-place"]), (["read back"], True))
        await self.good("cp", self.place("C:\\srv\\a.bin"), f"{back}/")
        self.assertEqual([each.name for each in back.iterdir()], ["a.bin"])
        digests = {hashlib.sha256(each.read_bytes()).digest() for each in (back / "a.bin", source)}
        self.assertEqual(len(digests), 1)
        self.windows.files["C:\\srv\\a.txt"] = b"one\r\n"
        done = await self.good("cat", *self.guest, "C:\\srv\\a.txt")
        self.assertEqual(done.out, "one\r\n")
        self.assertEqual(self.windows.started, [])


class MuxWindowsTests(WindowsTests):
    """Through a mux."""

    guest = ("win1",)

    async def reach(self, socket: Path) -> tuple[str, ...]:
        self.mux = MuxProcess({"win1": socket}, wait_for=[])
        self.addCleanup(self.mux.remove)
        self.mux.start()
        await self.until(lambda: self.mux.socket("win1").exists())
        self.where = ("--mux", str(self.mux.served))
        await self.good("wait", "win1")
        return self.where


class MoreTests(WindowsCase):
    """What is the same however it is reached."""

    async def test_told(self) -> None:
        """
        What it is, it says.
        """
        done = await self.good("info", *self.guest)
        self.assertIn("Windows Server 2022", done.out)
        self.assertIn("WIN-1", done.out)

    async def test_much(self) -> None:
        """
        What the agent does not keep is missing, and that is told.
        """
        words = ("exec", *self.guest, "-n", "--", "cmd.exe", "/c", "type", "big")
        done = await self.good("--json", *words)
        self.assertTrue(done.json["truncated"])
        self.assertTrue(b64decode(done.json["stdout-b64"]) == BIG[:KEPT])

    async def test_cannot(self) -> None:
        """
        What cannot be had there is told before anything is started, with what can.
        """
        for option, why in (
            (("--cwd", "C:\\srv"), "working directory"),
            (("--merge",), "cmd.exe"),
            (("--env", "A=b"), "whole environment"),
        ):
            done = await self.txqga(
                "exec", *self.guest, "-n", *option, "--", "cmd.exe", "/c", "ver"
            )
            self.assertNotIn(done.status, (0, 127), done)
            self.assertIn(why, done.err)
        self.assertEqual(self.windows.started, [])

    async def test_resumed(self) -> None:
        """
        A copy that ended early is gone on with.
        """
        source = self.here / "a.bin"
        source.write_bytes(DATA)
        self.windows.files["D:\\a.bin"] = DATA[:800_000]
        done = await self.good("--json", "cp", "--resume", str(source), self.place("D:\\a.bin"))
        self.assertTrue(self.windows.files["D:\\a.bin"] == DATA)
        self.assertEqual(done.json["resumed"], 800_000)

    async def test_folder(self) -> None:
        """
        A folder cannot be copied, and that is told before anything is written.
        """
        tree, back, there = self.here / "tree", self.here / "back", self.place("C:\\t")
        tree.mkdir()
        (tree / "a").write_bytes(DATA)
        for names in ((str(tree), there), (there, str(back))):
            error = await self.refused(Exit.REFUSED, "cp", "-r", *names)
            self.assertIn("folder", error["message"])
        self.assertFalse(back.exists())
        self.assertEqual(self.windows.files, {})
