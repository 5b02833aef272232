"""An agent in the background: its pidfile, and what it leaves behind. Facts 10.2."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.functional._behaviour import Behaviour, only
from tests.functional._client import PATIENCE, Client
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require


def wait_until(what: Callable[[], bool]) -> None:
    """Wait for something."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "never"
        time.sleep(0.005)


def status(pid: int, key: str) -> str:
    """What /proc says of a process."""
    text = Path(f"/proc/{pid}/status").read_text()
    return str(re.findall(rf"^{key}:\s+(.*)$", text, re.MULTILINE)[0])


class Background(Behaviour):
    all_of_a_process = True

    def setUp(self) -> None:
        super().setUp()
        self.pidfile = self.folder / "pid"
        self.addCleanup(self.end)

    def launched(self, *options: str, series: str | None = None) -> AgentProcess:
        """A process that has gone, having started a daemon; or failed."""
        words = ("-d", "-f", str(self.pidfile), *options)
        process = AgentProcess(require(series or self.series), *words)
        self.addCleanup(process.remove)
        process.spawn()
        return process

    def daemon(self, process: AgentProcess) -> int:
        """The daemon's process, as its pidfile has it."""
        wait_until(lambda: self.pidfile.exists() and bool(self.pidfile.read_text().strip()))
        pid = int(self.pidfile.read_text())
        self.assertNotEqual(pid, process.pid)
        return pid

    def end(self) -> None:
        """End the daemon, if there is one."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            pid = int(self.pidfile.read_text())
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not Path(f"/proc/{pid}").exists())

    def test_serves(self) -> None:
        """
        The process that was started ends well, and a daemon serves.
        """
        process = self.launched()
        self.assertEqual(process.wait(), 0, process.complaints())
        wait_until(process.answers)
        self.assertRegex(self.pidfile.read_text(), r"\A\d+\n\Z")
        self.assertEqual(self.pidfile.stat().st_mode & 0o777, 0o600)

    def test_left_behind(self) -> None:
        """
        The daemon has a session of its own, stands in the root, and has no terminal.
        """
        process = self.launched()
        process.wait()
        pid = self.daemon(process)
        wait_until(process.answers)
        self.assertEqual(os.getsid(pid), pid)
        self.assertEqual(str(Path(f"/proc/{pid}/cwd").readlink()), "/")
        self.assertEqual(status(pid, "Umask"), "0077")
        for number in range(3):
            self.assertEqual(str(Path(f"/proc/{pid}/fd/{number}").readlink()), "/dev/null")

    def test_end(self) -> None:
        """
        The pidfile goes with the daemon.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.launched()
            process.wait()
            pid = self.daemon(process)
            wait_until(process.answers)
            os.kill(pid, number)
            wait_until(lambda: not self.pidfile.exists())
            wait_until(lambda pid=pid: not Path(f"/proc/{pid}").exists())  # type: ignore[misc]

    def test_left_pidfile(self) -> None:
        """
        The pidfile of an agent that was killed is in nobody's way.
        """
        process = self.launched()
        process.wait()
        first = self.daemon(process)
        wait_until(process.answers)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{first}").exists())
        again = self.launched()
        self.assertEqual(again.wait(), 0)
        wait_until(again.answers)
        self.assertNotEqual(int(self.pidfile.read_text()), first)

    @only(V10_0, OURS, because="7.2 goes to the background first")
    def test_cannot_open(self) -> None:
        """
        A channel that cannot be opened is told before anything goes to the background.
        """
        process = self.launched("-p", "/nonexistent/s")
        self.assertEqual(process.wait(), 1)
        self.assertIn("Failed to bind socket to /nonexistent/s: ", process.complaints())
        self.assertFalse(self.pidfile.exists())

    def test_another(self) -> None:
        """
        There is one daemon for a pidfile, whichever of the two kinds it is.
        """
        process = self.launched()
        process.wait()
        pid = self.daemon(process)
        wait_until(process.answers)
        for series in (V7_2, OURS):
            other = self.launched(series=series)
            self.assertEqual(other.wait(), 1 if series == OURS else 0)
            wait_until(lambda other=other: "Cannot lock pid file" in other.complaints())  # type: ignore[misc]
            self.assertIn("Resource temporarily unavailable", other.complaints())
            self.assertFalse(other.answers())
            self.assertEqual(self.daemon(process), pid)

    @only(OURS, because="qemu-ga removes whatever is there")
    def test_not_ours(self) -> None:
        """
        What ends without having become a daemon removes nobody's pidfile.
        """
        self.pidfile.write_text("another's\n")
        for words in (("-D",), ("-p", "/nonexistent/s"), ("-t", "/nonexistent")):
            self.launched(*words).wait()
            self.assertEqual(self.pidfile.read_text(), "another's\n")
        self.pidfile.unlink()

    @only(OURS, because="qemu-ga's parent ends before that is known")
    def test_no_pidfile(self) -> None:
        """
        A pidfile that cannot be made is told by the process that was started.
        """
        process = self.launched("-f", "/nonexistent/pid")
        self.assertEqual(process.wait(), 1)
        self.assertIn(
            "Could not create '/nonexistent/pid': No such file or directory", process.complaints()
        )

    @only(OURS, because="the daemon writes it when the parent has gone")
    def test_at_once(self) -> None:
        """
        When the process that was started has ended, the daemon can be talked to and be ended.
        """
        process = self.launched()
        self.assertEqual(process.wait(), 0)
        pid = int(self.pidfile.read_text())
        with Client(process.socket) as client:
            self.assertEqual(client.call("guest-sync", id=1), 1)
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not self.pidfile.exists())

    @only(OURS, because="qemu-ga looks for them in the root")
    def test_relative(self) -> None:
        """
        Paths are meant from where it was started.
        """
        process = self.launched("-p", "s", "-l", "log", "-f", "pid", "-v")
        self.assertEqual(process.wait(), 0, process.complaints())
        self.pidfile = process.cwd / "pid"
        process.socket = process.cwd / "s"
        wait_until(process.answers)
        self.assertIn("guest-sync", (process.cwd / "log").read_text())
        self.end()
        self.assertFalse(self.pidfile.exists())


globals().update(Background.for_every_agent())
