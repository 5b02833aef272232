"""``txqga`` and a Windows guest with QEMU's agent."""

import random
import tempfile
from base64 import b64decode
from pathlib import Path

from twisted.internet import reactor

from tests.functional._cli import CliCase
from tests.functional._mux_process import MuxProcess
from tests.functional._windows_agent import KEPT, Windows
from txqga.cli import Exit
from txqga.testing import serve

DATA = random.Random(4).randbytes(1_300_007)


class WindowsCase(CliCase):
    """A Windows guest, asked directly."""

    guest: tuple[str, ...] = ()  #: what names the guest, where something must

    async def setUp(self) -> None:  # type: ignore[override]  # trial waits for it
        # the path of a socket is a short one, which trial's own folders have no room for
        here = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(here.cleanup)
        self.here = Path(here.name)
        self.windows = Windows(
            {
                "whoami.exe": lambda ran: ran.end(0, b"nt authority\\system\r\n"),
                "sort.exe": lambda ran: ran.end(7, ran.input[::-1], b"it is told\r\n"),
                "much.exe": lambda ran: ran.end(0, b"\xff" * (KEPT + 1)),
                "timeout.exe": lambda ran: None,
            }
        )
        port = await serve(reactor, self.windows.agent, self.here / "agent")
        self.addCleanup(port.stopListening)
        self.where = await self.reach(self.here / "agent")

    async def reach(self, socket: Path) -> tuple[str, ...]:
        """What stands before the verb."""
        return ("--connect", str(socket))

    def place(self, path: str) -> str:
        """Name a file of the guest."""
        return ":".join([*(self.guest or ("",)), path])


class DirectTests(WindowsCase):
    """Directly."""

    async def test_exec(self) -> None:
        """
        A program's output, its errors and its exit status come through, and what is not there is
        told; no other program is started for that.
        """
        words = ("exec", *self.guest, "-n", "--")
        info, done, refused, none = await self.together(
            self.good("info", *self.guest),
            self.good(*words, "whoami.exe"),
            self.txqga(*words, "sort.exe"),
            self.txqga(*words, "none.exe"),
        )
        self.assertIn("WIN-1", info.out)
        self.assertEqual(done.out, "nt authority\\system\r\n")
        self.assertEqual((refused.status, refused.out), (7, ""))
        self.assertIn("it is told", refused.err)
        self.assertEqual(none.status, Exit.NOT_FOUND, none)
        started = sorted(each.argv[0] for each in self.windows.started)
        self.assertEqual(started, ["sort.exe", "whoami.exe"])

    async def test_killed(self) -> None:
        """
        A program whose time is over is killed, with all that it has started; so is one that Ctrl-C
        ends.
        """
        words = ("exec", *self.guest, "-n", "--timeout", "1", "--", "timeout.exe", "/t", "99")
        done = await self.txqga(*words)
        self.assertEqual(done.status, Exit.TIMED_OUT, done)
        running = self.begin("exec", *self.guest, "-n", "--", "timeout.exe", "/t", "99")
        await self.eventually(lambda: len(self.windows.started) == 3, "it is not started")
        running.interrupt()
        await running.ended
        killed = [each.argv[:4] for each in self.windows.started[1::2]]
        self.assertEqual(killed, [["taskkill.exe", "/F", "/T", "/PID"]] * 2)

    async def test_copied(self) -> None:
        """
        A file goes there and comes back, compared by reading it back, with the name that it has
        there; no program is started.
        """
        source, back = self.here / "a.bin", self.here / "back"
        source.write_bytes(DATA)
        back.mkdir()
        done = await self.good("--json", "cp", str(source), self.place("C:\\srv\\"))
        self.assertTrue(self.windows.files == {"c:\\srv\\a.bin": DATA})
        self.assertEqual((done.json["verified"], done.json["in-place"]), (["read back"], True))
        await self.good("cp", self.place("C:\\srv\\a.bin"), f"{back}/")
        self.assertEqual([each.name for each in back.iterdir()], ["a.bin"])
        self.assertTrue((back / "a.bin").read_bytes() == DATA)
        self.windows.files["c:\\a.txt"] = b"one\r\n"
        self.assertEqual((await self.good("cat", *self.guest, "C:\\a.txt")).out, "one\r\n")
        self.assertEqual((self.windows.open_files, self.windows.started), ([], []))


class MuxTests(DirectTests):
    """Through a mux."""

    guest = ("win1",)

    async def reach(self, socket: Path) -> tuple[str, ...]:
        self.mux = MuxProcess({"win1": socket}, wait_for=[])
        self.addCleanup(self.mux.remove)
        self.mux.start()
        await self.eventually(lambda: self.mux.socket("win1").exists(), "no socket")
        self.where = ("--mux", str(self.mux.served))
        await self.good("wait", "win1")
        return self.where


class MoreTests(WindowsCase):
    """What is the same however it is reached."""

    async def test_cannot(self) -> None:
        """
        What cannot be had there is told before anything is started, or written.
        """
        (self.here / "tree").mkdir()
        words = ("exec", *self.guest, "-n")
        cwd, merge, added, folder = await self.together(
            self.txqga(*words, "--cwd", "C:\\srv", "--", "whoami.exe"),
            self.txqga(*words, "--merge", "--", "whoami.exe"),
            self.txqga(*words, "--env", "A=b", "--", "whoami.exe"),
            self.txqga("cp", "-r", str(self.here / "tree"), self.place("C:\\tree")),
        )
        for done, why in (
            (cwd, "working directory"),
            (merge, "cmd.exe"),
            (added, "whole environment"),
            (folder, "no shell"),
        ):
            self.assertNotIn(done.status, (Exit.GOOD, Exit.NOT_FOUND), done)
            self.assertIn(why, done.err)
        self.assertEqual((self.windows.files, self.windows.started), ({}, []))

    async def test_much(self) -> None:
        """
        What the agent does not keep is missing, and that is told.
        """
        done = await self.good("--json", "exec", *self.guest, "-n", "--", "much.exe")
        self.assertTrue(done.json["truncated"])
        self.assertTrue(b64decode(done.json["stdout-b64"]) == b"\xff" * KEPT)
