"""What our agent does with its channel that qemu-ga does not do, or not well. Facts 1 and 13."""

import signal
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, request
from tests.functional._idle import sleeps, switches, wakes
from tests.functional._oracle import OURS, AgentProcess, require
from tests.functional._terminal import Terminal, TerminalAgent

METHODS = ("virtio-serial", "isa-serial")


class ChannelCase(SynchronousTestCase):
    def made(
        self, method: str, *options: str, terminal: Terminal | None = None, path: Path | None = None
    ) -> TerminalAgent:
        """An agent that was not started yet; what it logs is in ``log`` in its folder."""
        words = ("-v", "-l", "log", *options)
        agent = TerminalAgent(require(OURS), method, *words, terminal=terminal, path=path)
        self.addCleanup(agent.remove)
        return agent

    def started(self, method: str, *options: str, path: Path | None = None) -> TerminalAgent:
        """An agent that answers."""
        agent = self.made(method, *options, path=path)
        agent.start()
        return agent

    def log(self, agent: AgentProcess) -> str:
        path = agent.cwd / "log"
        return path.read_text() if path.exists() else ""

    def says(self, agent: AgentProcess, text: str, times: int = 1) -> None:
        """Wait until the agent has logged this."""
        deadline = time.monotonic() + PATIENCE
        while self.log(agent).count(text) < times:
            self.assertLess(time.monotonic(), deadline, self.log(agent))
            time.sleep(0.01)


class IdleTests(ChannelCase):
    def test_silent(self) -> None:
        """
        While the host says nothing the agent sleeps without limit, and is never woken.
        """
        for method in METHODS:
            self.assertLessEqual(wakes(self.started(method).pid), 1, method)

    def test_nobody(self) -> None:
        """
        So it does at a device at whose other end nobody can be.
        """
        agent = self.made("virtio-serial", path=Path("/dev/null"))
        agent.spawn()
        self.assertLessEqual(wakes(agent.pid), 1)
        self.assertEqual(agent.stop(), 0)

    def test_replies_not_taken(self) -> None:
        """
        While the host takes no replies the agent sleeps too, and reads no more; then all is said.
        """
        agent = self.started("virtio-serial")
        count = 3000
        asked = request("guest-info")
        sent = 0
        while sent < count and agent.terminal.takes(asked):
            sent += 1
        self.assertLess(sent, count)
        self.assertLessEqual(wakes(agent.pid), 1)
        for _ in range(sent):
            self.assertIn(b'"version"', agent.terminal.line())
        self.assertTrue(agent.answers())

    def test_waiting(self) -> None:
        """
        What is waited for costs a wake in five seconds, and is told once.
        """
        agent = self.made("virtio-serial", "-r", path=Path("/nonexistent/port"))
        agent.spawn()
        self.says(agent, "waiting for channel path...")
        before = switches(agent.pid)
        self.says(agent, "waiting for channel path...", 2)
        self.assertLessEqual(switches(agent.pid) - before, 5)
        self.assertEqual(self.log(agent).count(": critical: "), 1)


class HangUpTests(ChannelCase):
    def setUp(self) -> None:
        super().setUp()
        self.link = Path(self.mktemp()).absolute()

    def point(self, terminal: Terminal) -> None:
        """Let the path lead to this terminal."""
        new = self.link.with_suffix(".new")
        new.symlink_to(terminal.path)
        new.replace(self.link)

    def test_hung_up_and_back(self) -> None:
        """
        A line that was hung up is opened again, without being told to; what is open stays open.
        """
        for method in METHODS:
            agent = self.made(method, path=self.link)
            self.point(agent.terminal)
            agent.start()
            handle = agent.terminal.call("guest-file-open", path="f", mode="w")
            agent.terminal.hang_up()
            agent.terminal = Terminal()
            self.point(agent.terminal)
            agent.sync()
            self.assertEqual(agent.terminal.call("guest-file-close", handle=handle), {})
            self.assertIn(": warning: error reading channel: hung up\n", self.log(agent))
            sleeps(agent.pid)

    def test_hung_up_for_good(self) -> None:
        """
        A line that is hung up and gone ends the agent, which says why.
        """
        agent = self.made("isa-serial", path=self.link)
        self.point(agent.terminal)
        agent.start()
        self.link.unlink()  # the terminal's own path may soon be that of another
        agent.terminal.hang_up()
        self.assertEqual(agent.wait(), 1)
        self.assertIn(f": critical: error opening channel '{self.link}': ", self.log(agent))

    def test_appears_later(self) -> None:
        """
        With -r the agent starts though there is no device yet, and serves it when there is.
        """
        agent = self.made("virtio-serial", "-r", path=self.link)
        agent.spawn()
        self.says(agent, "waiting for channel path...")
        self.point(agent.terminal)
        agent.sync()
        agent.terminal.hang_up()
        agent.terminal = Terminal()
        self.point(agent.terminal)
        agent.sync()
        self.assertEqual(agent.stop(), 0)

    def test_socket_later(self) -> None:
        """
        So it is with a socket whose folder is not there yet.
        """
        agent = AgentProcess(require(OURS), "-r", "-v", "-l", "log")
        self.addCleanup(agent.remove)
        agent.socket = agent.folder / "later" / "s"
        agent.argv += ["-p", str(agent.socket)]
        agent.spawn()
        self.says(agent, "waiting for channel path...")
        agent.socket.parent.mkdir()
        deadline = time.monotonic() + PATIENCE
        while not agent.answers():
            self.assertLess(time.monotonic(), deadline, self.log(agent))
            time.sleep(0.05)
        self.assertEqual(agent.stop(), 0)

    def test_ended_while_waiting(self) -> None:
        """
        An agent that is told to end while it waits ends at once, and not well.
        """
        agent = self.made("virtio-serial", "-r", path=self.link)
        agent.spawn()
        self.says(agent, "waiting for channel path...")
        agent.signal(signal.SIGTERM)
        self.assertEqual(agent.wait(), 1)

    def test_no_path(self) -> None:
        """
        A device that cannot be opened is told at start, in qemu-ga's words.
        """
        for method in METHODS:
            agent = self.made(method, "-l", "/dev/stderr", path=Path("/nonexistent/port"))
            agent.spawn()
            self.assertEqual(agent.wait(), 1)
            said = [line.partition(": ")[2] for line in agent.complaints().splitlines()]
            self.assertEqual(
                said,
                [
                    "critical: error opening channel '/nonexistent/port': "
                    "No such file or directory",
                    "critical: failed to create guest agent channel",
                    "critical: failed to initialize guest agent channel",
                    "critical: error initializing guest agent",
                ],
            )
