"""A Windows with QEMU's agent, whose programs are run and whose files are copied."""

import random
import shutil
import tempfile
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import CancelledError
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._windows_agent import KEPT, Ran, Windows
from txqga.errors import CommandFailed, CommandNotFound, CopyDiffers, InvalidArguments
from txqga.exec import Exec, Way
from txqga.files import Verified
from txqga.guest import Guest
from txqga.mux import VM, Mux
from txqga.session import SessionOptions
from txqga.testing import serve

PATIENT = SessionOptions(deadline=PATIENCE, sync_timeout=PATIENCE, retry_initial=0.05)
DATA = random.Random(3).randbytes(3 * 1024 * 1024 + 17)


class WindowsTests(TestCase):
    """A Windows that is asked directly."""

    timeout = 4 * PATIENCE

    async def setUp(self) -> None:  # type: ignore[override]  # trial waits for it
        self.here = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.here)
        self.windows = Windows(
            {
                "whoami.exe": lambda ran: ran.end(0, b"nt authority\\system\r\n"),
                "sort.exe": lambda ran: ran.end(3, ran.input[::-1], b"sorted"),
                "much.exe": lambda ran: ran.end(0, bytes(KEPT + 1), bytes(KEPT)),
                "timeout.exe": lambda ran: None,
                "crash.exe": self.crash,
            }
        )
        port = await serve(reactor, self.windows.agent, self.here / "agent")
        self.addCleanup(port.stopListening)
        self.guest = await self.connect()
        self.addCleanup(self.guest.close)
        await self.guest.wait_ready(PATIENCE)

    async def connect(self) -> Guest:
        return Guest.connect(reactor, f"unix:{self.here}/agent", name="win", options=PATIENT)

    @staticmethod
    def crash(ran: Ran) -> None:
        ran.ended = {"signal": 0xC0000005}

    # -- programs

    async def test_run(self) -> None:
        """
        A program is run by itself, with no shell around it: its output, its input, its exit code,
        and the exception that ended it.
        """
        done = await self.guest.run("C:\\Windows\\System32\\whoami.exe", ["/all"])
        self.assertEqual((done.exit_code, done.stdout), (0, b"nt authority\\system\r\n"))
        done = await self.guest.run("sort.exe", input=b"abc")
        self.assertEqual((done.exit_code, done.stdout, done.stderr), (3, b"cba", b"sorted"))
        done = await self.guest.run("crash.exe")
        self.assertEqual((done.exit_code, done.signal, done.way), (None, 0xC0000005, Way.WHOLE))
        told = [each.argv for each in self.windows.started]
        self.assertEqual(
            told, [["C:\\Windows\\System32\\whoami.exe", "/all"], ["sort.exe"], ["crash.exe"]]
        )

    async def test_not_there(self) -> None:
        """
        What cannot be done there is refused in words, and nothing is started.
        """
        await self.assertFailure(self.guest.run("/bin/sh", ["-c", "id"]), CommandFailed)
        await self.assertFailure(self.guest.run("whoami.exe", cwd="C:\\"), InvalidArguments)
        await self.assertFailure(self.guest.start("sort.exe", stdin=True), CommandNotFound)
        followed = Exec(reactor, self.guest).run("whoami.exe", way=Way.FOLLOWED)
        await self.assertFailure(followed, CommandNotFound)
        self.assertEqual(self.windows.started, [])

    async def test_much(self) -> None:
        """
        Of more than 16 MiB the agent keeps so much, and that it was more is told.
        """
        done = await self.guest.run("much.exe", limit=4 * KEPT)
        self.assertEqual((len(done.stdout), len(done.stderr)), (KEPT, KEPT))
        self.assertTrue(done.out_truncated)

    async def test_killed(self) -> None:
        """
        A program whose time is over, and one whose caller waits no more, are killed with what they
        have started; one that has ended meanwhile is not, for its number may be another's.
        """
        done = await self.guest.run("timeout.exe", ["/t", "99"], time_out=0.2)
        self.assertTrue(done.timed_out)
        running = await self.guest.start("timeout.exe", ["/t", "99"])
        waiting = running.wait()
        waiting.cancel()
        await self.assertFailure(waiting, CancelledError)
        asked = [each.argv for each in self.windows.started if each.argv[0] == "taskkill.exe"]
        self.assertEqual([each[1:4] for each in asked], [["/F", "/T", "/PID"]] * 2)
        running = await self.guest.start("timeout.exe", detached=True)
        await self.assertFailure(running.interrupt(), CommandNotFound)
        self.windows.started[-1].end(5)
        await running.kill()
        self.assertEqual((await running.wait()).exit_code, 5)
        self.assertEqual(self.windows.started[-1].argv[0], "timeout.exe")

    async def test_numbers_given_again(self) -> None:
        """
        Programs that get the number of one that has ended are not taken for it.
        """
        for code in (7, 8):
            running = await self.guest.start("timeout.exe", detached=True)
            self.assertEqual(running.pid, 4)
            self.windows.started[-1].end(code)
            self.assertEqual((await running.wait()).exit_code, code)
            await running.kill()
        self.assertEqual(len(self.windows.started), 2)

    # -- files

    async def test_there_and_back(self) -> None:
        """
        A file is pushed and pulled, known to be good by reading it back, also where little is taken
        at a time; that its mode and time are not kept is told. Nothing is run for that.
        """
        source, back = self.here / "a", self.here / "b"
        source.write_bytes(DATA)
        self.windows.takes = 100_000
        report = await self.guest.push(source, "C:\\Srv\\App.bin")
        self.assertEqual((report.octets, report.verified), (len(DATA), {Verified.READ_BACK}))
        self.assertEqual([each.why for each in report.lost], ["not kept: mode", "not kept: time"])
        self.assertTrue(report.in_place)
        self.assertTrue(self.windows.files == {"c:\\srv\\app.bin": DATA})
        report = await self.guest.pull("c:/srv/app.bin", back)
        self.assertEqual((report.octets, report.verified), (len(DATA), {Verified.READ_BACK}))
        self.assertTrue(back.read_bytes() == DATA)
        self.assertEqual((self.windows.open_files, self.windows.started), ([], []))

    async def test_resumed(self) -> None:
        """
        A copy that was broken off goes on where it was, after what is there was read once more; in
        both directions.
        """
        source, back = self.here / "a", self.here / "b"
        source.write_bytes(DATA)
        self.windows.files["c:\\a"] = DATA[:1_000_000]
        report = await self.guest.push(source, "C:\\a", resume=True)
        self.assertEqual((report.resumed, report.octets), (1_000_000, len(DATA)))
        self.assertTrue(self.windows.files["c:\\a"] == DATA)
        (self.here / ".b.txqga-part").write_bytes(DATA[:2_000_000])
        report = await self.guest.pull("C:\\a", back, resume=True)
        self.assertEqual((report.resumed, report.octets), (2_000_000, len(DATA)))
        self.assertTrue(back.read_bytes() == DATA)
        self.windows.files["c:\\a"] = b"something else" * 1000
        report = await self.guest.push(source, "C:\\a", resume=True)
        self.assertEqual(report.resumed, 0)
        self.assertTrue(self.windows.files["c:\\a"] == DATA)

    async def test_small(self) -> None:
        """
        Empty files, and a stream, are copied too.
        """
        (self.here / "empty").write_bytes(b"")
        await self.guest.push(self.here / "empty", "C:\\empty")
        await self.guest.pull("C:\\empty", self.here / "back")
        self.assertEqual((self.here / "back").read_bytes(), b"")
        with (self.here / "stream").open("w+b") as stream:
            self.windows.files["c:\\x"] = b"hello"
            await self.guest.pull("C:\\x", stream)
            stream.seek(0)
            await self.guest.push(stream, "C:\\y")
        self.assertEqual(self.windows.files["c:\\y"], b"hello")

    async def test_spoilt(self) -> None:
        """
        A copy that is not what was sent is found out.
        """
        source = self.here / "a"
        source.write_bytes(DATA)
        close = self.windows.agent._answers["guest-file-close"]

        def spoil(said: object) -> object:
            for path in self.windows.open_files:
                self.windows.files[path] = b"x" + self.windows.files[path][1:]
            return close(said)  # type: ignore[arg-type]

        self.windows.agent.answer("guest-file-close", spoil)
        await self.assertFailure(self.guest.push(source, "C:\\a"), CopyDiffers)

    async def test_folders(self) -> None:
        """
        Folders cannot be listed or made without a shell: that is told, and nothing is left, neither
        there nor here.
        """
        (self.here / "tree").mkdir()
        (self.here / "tree/a").write_bytes(b"hello")
        pushing = self.guest.push(self.here / "tree", "C:\\tree", recursive=True)
        why = await self.assertFailure(pushing, CommandNotFound)
        self.assertIn("there is no shell", str(why))
        pulling = self.guest.pull("C:\\tree", self.here / "in", recursive=True)
        why = await self.assertFailure(pulling, CommandNotFound)
        self.assertIn("there is no shell", str(why))
        self.assertEqual((self.windows.files, (self.here / "in").exists()), ({}, False))

    async def test_not_opened(self) -> None:
        """
        What cannot be opened is told in the agent's words, and nothing is left here.
        """
        for path in ("C:\\nothing", "C:\\a|b", "/etc/passwd"):
            why = await self.assertFailure(self.guest.pull(path, self.here / "x"), CommandFailed)
            self.assertIn("failed to open file", str(why))
        self.assertEqual(sorted(each.name for each in self.here.iterdir()), self.left())

    def left(self) -> list[str]:
        return ["agent"]


class WindowsThroughMuxTests(WindowsTests):
    """The same, through a mux."""

    async def connect(self) -> Guest:
        served = self.here / "served"
        mux = Mux(reactor, [VM("win", f"unix:{self.here}/agent")], served)
        mux.startService()
        self.addCleanup(mux.stopService)
        return Guest.at_mux(reactor, "win", folder=served, options=PATIENT)

    def left(self) -> list[str]:
        return ["agent", "served"]
