"""Starting and ending ``twistd qga-mux``."""

import subprocess
import sys
from pathlib import Path

from tests.functional import _mux_case
from tests.functional import _mux_clients as others
from tests.functional._client import PATIENCE, request
from tests.functional._mux_process import MuxProcess
from tests.functional._process import environment

PING = request("guest-ping")
PONG = b'{"return": {}}\n'
TWISTD = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()")


class Starting(_mux_case.MuxCase):
    """A mux runs, and more are started beside it and after it."""

    tapped = False

    def twistd(self, *words: str) -> str:
        """Run ``twistd -n qga-mux``, which complains and ends; what it says."""
        done = subprocess.run(
            [*TWISTD, "-n", "--pidfile=", "qga-mux", *words],
            cwd=self.agent.folder,
            env=environment(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            text=True,
        )
        said = done.stdout + done.stderr
        self.assertNotEqual(done.returncode, 0, said)
        self.assertNotIn("Traceback", said)
        return said

    def test_another(self) -> None:
        """
        A second mux does not take the sockets of the first, and says whose they are.
        """
        served = str(self.mux.served)
        said = self.twistd("--serve", served, "--guest", f"db1={self.agent.socket}")
        self.assertIn(f"{self.path} is served by process {self.mux.pid} already", said)
        self.assertEqual(others.bare(self.path, PING), PONG)

    def test_beside(self) -> None:
        """
        A second mux may serve other guests in the same folder.
        """
        other = MuxProcess({"web1": self.start_agent().socket})
        self.addCleanup(other.remove)
        other.argv[other.argv.index("--serve") + 1] = str(self.mux.served)
        other.served = self.mux.served
        other.start()
        self.assertEqual(others.bare(other.socket("web1"), PING), PONG)
        self.assertEqual(others.bare(self.path, PING), PONG)
        other.stop()
        self.assertEqual(list(self.mux.served.iterdir()), [self.path])

    def test_after_a_kill(self) -> None:
        """
        A mux that was killed leaves its socket, and the next one takes its place.
        """
        self.mux.kill()
        self.assertTrue(self.path.exists())
        self.mux.start()
        self.assertEqual(others.bare(self.path, PING), PONG)
        self.mux.stop()
        self.assertEqual(list(self.mux.served.iterdir()), [])

    def test_nothing_else(self) -> None:
        """
        Only the sockets are in the folder: no locks, no pid files.
        """
        self.assertEqual(list(self.mux.served.iterdir()), [self.path])

    def test_socket_removed_by_hand(self) -> None:
        """
        A mux whose socket somebody has removed, or replaced, still ends, and leaves what is there.
        """
        self.path.unlink()
        self.path.write_text("mine")
        self.mux.stop()
        self.assertEqual(self.path.read_text(), "mine")

    def test_says_what_it_does(self) -> None:
        """
        The log says what is served where, and how each agent is.
        """
        said = self.mux.complaints()
        self.assertIn(f"db1: the agent at unix:{self.agent.socket} is served at {self.path}", said)
        self.assertIn("db1: ready: the agent answers", said)

    def test_wrong_words(self) -> None:
        """
        What is wrong with the command line is said in a sentence, after the help.
        """
        guest = ("--guest", "db1=/run/db1")
        long = f"/{'x' * 100}"
        for words, complaint in (
            ((), "no guest: name at least one"),
            (guest, "nowhere to serve the guests"),
            ((*guest, "--serve", "x", "--handles", "all"), "neither connection nor user"),
            ((*guest, *guest, "--serve", "x"), "two guests are called db1"),
            (("--guest", "db1", "--serve", "x"), "'db1' is not NAME=ENDPOINT"),
            (("--guest", "a/b=/x", "--serve", "x"), "cannot be a guest's name"),
            (("--guest", "a=pigeon:x", "--serve", "x"), "is no client endpoint"),
            ((*guest, "--serve", long), "octets"),
            ((*guest, "--serve", "/proc/version"), "/proc/version: "),
        ):
            self.assertIn(complaint, self.twistd(*words))
        self.assertFalse((self.agent.folder / "x").exists())

    def test_relative(self) -> None:
        """
        A folder may be named as it is seen from here.
        """
        other = MuxProcess({"web1": self.start_agent().socket})
        self.addCleanup(other.remove)
        other.argv[other.argv.index("--serve") + 1] = "here"
        other.served = Path(other.cwd) / "here"
        other.start()
        self.assertEqual(others.bare(other.socket("web1"), PING), PONG)
