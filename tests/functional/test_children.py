"""Programs that a command runs and waits for, real ones."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from txqga.agent._child import Children
from txqga.errors import CommandFailed

_FAILED = "child process has failed to test: "


def lives(pid: str) -> bool:
    """Whether there is such a process, and not only what is left of it."""
    try:
        return "State:\tZ" not in Path("/proc", pid, "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


class RealChildrenTests(SynchronousTestCase):
    def refusal(self, script: str, **more: Any) -> str:
        words = ["sh", "-c", script]
        failed = self.assertRaises(CommandFailed, Children().run, words, "test", **more)
        return str(failed.desc)

    def test_ends(self) -> None:
        """
        The ways in which a program fails.
        """
        Children().run(["true"], "test")
        self.assertEqual(self.refusal("exit 3"), f"{_FAILED}exit status 3")
        self.assertEqual(self.refusal("echo no; echo NO >&2; exit 1"), f"{_FAILED}no\nNO\n")
        self.assertEqual(self.refusal("kill $$"), "child process has terminated abnormally")
        missing = self.assertRaises(CommandFailed, Children().run, ["/no/such", "x"], "test")
        desc = f"{_FAILED}failed to exec '/no/such': No such file or directory\n"
        self.assertEqual(missing.desc, desc)

    def test_input(self) -> None:
        """
        What it is given arrives whole, and without it there is nothing to read.
        """
        self.assertEqual(self.refusal("wc -c; exit 1", data=bytes(1 << 20)), f"{_FAILED}1048576\n")
        self.assertEqual(self.refusal("wc -c; exit 1"), f"{_FAILED}0\n")
        Children().run(["true"], "test", data=bytes(1 << 20))

    def test_much_output(self) -> None:
        """
        However much it says, it is read, and little is kept.
        """
        desc = self.refusal("head -c 1000000 /dev/zero; exit 1")
        self.assertEqual(len(desc), len(_FAILED) + (1 << 16))

    def test_session(self) -> None:
        """
        It leads a session of its own, and gets signals in their first meaning.
        """
        said = self.refusal("cat /proc/self/stat; grep SigIgn /proc/self/status; exit 1")
        words = said.removeprefix(_FAILED).split()
        self.assertEqual(words[4], words[5])  # process group and session
        self.assertNotEqual(int(words[5]), os.getsid(0))
        self.assertEqual(int(words[-1], 16) & (1 << (signal.SIGPIPE - 1)), 0)

    def test_background(self) -> None:
        """
        What it leaves running, its output still open, is not waited for.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        Children().run(["sh", "-c", f"sleep 1000 & echo $! > {folder}/pid"], "test")
        pid = int((folder / "pid").read_text())
        os.kill(pid, signal.SIGKILL)  # it was still there

    def test_limit(self) -> None:
        """
        When its time is up it dies, and so does what it started.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        script = f"echo hung; sleep 1000 & echo $! > {folder}/pid; sleep 1000"
        self.assertEqual(
            self.refusal(script, limit=1.0), f"{_FAILED}not done after 1 s, and killed: hung\n"
        )
        pid = (folder / "pid").read_text().strip()
        deadline = time.monotonic() + PATIENCE
        while lives(pid):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
