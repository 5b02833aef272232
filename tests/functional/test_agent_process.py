"""
What our agent does as a process besides what every agent does.

That is in the suites named ``test_behaviour_*``, which real agents pass as well.
"""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, request
from tests.functional._idle import sleeps
from tests.functional._oracle import DANGEROUS, OURS, AgentProcess, Program, require
from tests.functional._process import environment

#: what costs memory and time in every guest, and the agent can do without
HEAVY = (
    "ssl",
    "_ssl",
    "OpenSSL",
    "cryptography",
    "treq",
    "klein",
    "cattrs",
    "twisted.application.service",
    "twisted.internet.endpoints",
    "twisted.plugin",
    "twisted.web",
)

#: the agent, which says at its end which of its arguments it has imported
LOADED = """
import atexit, sys
from txqga.daemons.agent import main
names = sys.argv.pop(1).split(",")
atexit.register(lambda: print("loaded:", [name for name in names if name in sys.modules]))
main()
"""

_RUN_TWISTD = "from twisted.scripts.twistd import run; run()"
TWISTD = (sys.executable, "-c", _RUN_TWISTD, "--pidfile=", "-n", "qga-agent")


class ProcessTests(SynchronousTestCase):
    def started(self, *options: str, program: Program | None = None) -> AgentProcess:
        """An agent that answers."""
        process = self.made(*options, program=program)
        process.start()
        return process

    def made(self, *options: str, program: Program | None = None) -> AgentProcess:
        """An agent that was not started yet."""
        process = AgentProcess(program or require(OURS), *options)
        self.addCleanup(process.remove)
        return process

    def refused(self, *options: str) -> str:
        """What an agent says that does not start."""
        process = self.made(*options)
        process.spawn()
        self.assertEqual(process.wait(), 1, process.complaints())
        return process.complaints()


class StartTests(ProcessTests):
    def test_light(self) -> None:
        """
        The agent imports neither TLS nor the mux's libraries, nor what only twistd needs.
        """
        program = Program(OURS, (sys.executable, "-c", LOADED, ",".join(HEAVY)), "")
        process = self.started(program=program)
        self.assertEqual(process.stop(), 0)
        self.assertIn("loaded: []", process.complaints())

    def test_opened_late(self) -> None:
        """
        A device is opened when nothing slow is left to do: its host hears of it, and asks at once.
        """
        slow = "twisted.internet.epollreactor", "txqga.agent._running"
        program = Program(OURS, (sys.executable, "-c", LOADED, ",".join(slow)), "")
        for method, loaded in (("virtio-serial", slow), ("unix-listen", ())):
            process = self.made("-m", method, "-p", "/not/there", program=program)
            process.spawn()
            self.assertEqual(process.wait(), 1)
            self.assertIn(f"loaded: {list(loaded)}", process.complaints())

    def test_no_byte_code(self) -> None:
        """
        Nothing is written beside the code but for what is imported before the agent can say so.
        """
        cache = Path(tempfile.mkdtemp(prefix="qga"))
        self.addCleanup(shutil.rmtree, cache)
        process = self.made()
        process._env["PYTHONPYCACHEPREFIX"] = str(cache)
        process.start()
        process.stop()
        written = {path.name.partition(".")[0] for path in cache.rglob("txqga/**/*.pyc")}
        self.assertEqual(written - {"__init__", "_monotonic", "agent"}, set())

    def test_ended_at_once(self) -> None:
        """
        A signal that comes while the agent is still starting is a clean end too.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.made()
            process.spawn()
            deadline = time.monotonic() + PATIENCE
            while not process.socket.exists():
                self.assertLess(time.monotonic(), deadline, process.complaints())
            process.signal(number)
            self.assertEqual(process.wait(), 0, process.complaints())

    def test_early_client(self) -> None:
        """
        A client that connects while the agent is still starting is answered once it has.
        """
        process = self.made()
        process.spawn()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                client = process.connect()
                break
            except OSError:  # there is no socket yet, or it does not listen yet
                self.assertLess(time.monotonic(), deadline, process.complaints())
        with client:
            self.assertEqual(client.call("guest-sync", id=1), 1)

    def test_streams_closed(self) -> None:
        """
        An agent started without standard streams does not write its log into a socket.
        """
        process = self.made("-v")
        process.spawn = lambda: None  # type: ignore[method-assign]
        script = 'exec "$@" <&- >&- 2>&-'
        argv = ["sh", "-c", script, "sh", *process.argv]
        with subprocess.Popen(argv, cwd=process.cwd, env=process._env) as started:
            self.addCleanup(started.kill)
            deadline = time.monotonic() + PATIENCE
            while not process.answers():
                self.assertLess(time.monotonic(), deadline)
                self.assertIsNone(started.poll())
            with process.connect() as client:
                self.assertEqual(client.raw(request("guest-ping") * 3), [b'{"return": {}}'] * 3)
            started.terminate()
            self.assertEqual(started.wait(PATIENCE), 0)


class LogTests(ProcessTests):
    def test_quiet(self) -> None:
        """
        A log file named is written to only when there is something to say.
        """
        process = self.made("-l", "log")
        process.start()
        process.stop()
        self.assertEqual((process.cwd / "log").read_text(), "")

    def test_verbose(self) -> None:
        """
        With -v the log says which commands were run, one line each.
        """
        process = self.started("-v", "-l", "log")
        with process.connect() as client:
            client.call("guest-get-time")
        process.stop()
        log = (process.cwd / "log").read_text()
        self.assertRegex(log, r"(?m)^\d+\.\d{6}: debug: processing command guest-get-time$")
        for line in log.splitlines():
            self.assertRegex(line, r"\A\d+\.\d{6}: (critical|error|warning|info|debug): ")

    def test_cannot_open(self) -> None:
        """
        A log that cannot be opened is an error, before anything else is touched.
        """
        process = self.made("-l", "/nonexistent/log")
        process.spawn()
        self.assertEqual(process.wait(), 1)
        self.assertIn(
            "critical: unable to open specified log file: No such file or directory\n",
            process.complaints(),
        )
        self.assertFalse(process.socket.exists())
        self.assertEqual(list(process.state.iterdir()), [])


class ClientsTests(ProcessTests):
    def test_replies_never_read(self) -> None:
        """
        A client that asks and asks, and reads nothing, costs little memory; then it gets it all.
        """
        process = self.started()
        with process.connect() as client:
            client.call("guest-ping")
        before = process.memory()
        count = 20_000
        asked = request("guest-info") * count
        sent = 0
        with socket.socket(socket.AF_UNIX) as flood:
            flood.connect(str(process.socket))

            def write() -> None:
                nonlocal sent
                rest = memoryview(asked)
                while rest:
                    sent += (now := flood.send(rest[:65536]))
                    rest = rest[now:]

            writer = threading.Thread(target=write)
            writer.start()
            seen = -1
            while seen != sent:  # until the agent reads no more
                seen = sent
                writer.join(0.5)
            self.assertLess(sent, len(asked))
            got = 0
            while got < count:
                got += flood.recv(1 << 20).count(b"\n")
            writer.join(PATIENCE)
        self.assertTrue(process.answers())
        self.assertLess(process.peak_memory() - before, 16 << 20)

    def test_idle(self) -> None:
        """
        A client that says nothing, or has gone, costs nothing: the agent sleeps without limit.
        """
        process = self.started()
        with process.connect() as client:
            client.call("guest-ping")
            sleeps(process.pid)
        sleeps(process.pid)


class TwistdTests(ProcessTests):
    def setUp(self) -> None:
        self.twistd = Program(OURS, TWISTD, "")

    def run_twistd(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one that ends by itself."""
        return subprocess.run(
            [*TWISTD, *words],
            capture_output=True,
            timeout=PATIENCE,
            env=environment(),
            text=True,
            check=False,
        )

    def test_serves(self) -> None:
        """
        Twistd serves the same agent with the same words, and keeps the same state.
        """
        process = self.started(program=self.twistd)
        with process.connect() as client:
            self.assertEqual(client.call("guest-sync", id=5), 5)
            self.assertEqual(client.call("guest-file-open", path="foo", mode="w"), 1000)
            listed = client.call("guest-info")["supported_commands"]
        disabled = {each["name"] for each in listed if not each["enabled"]}
        self.assertEqual(disabled, set(DANGEROUS) & {each["name"] for each in listed})
        process.stop()
        self.assertEqual([each.name for each in process.state.iterdir()], ["qga.state"])

    def test_log(self) -> None:
        """
        A log file named is written in the agent's form, besides twistd's own log.
        """
        process = self.started("-v", "-l", "log", program=self.twistd)
        process.stop()
        log = (process.cwd / "log").read_text()
        self.assertIn(": debug: processing command guest-sync\n", log)

    def test_words(self) -> None:
        """
        What asks for a text gets it, and a wrong word is told.
        """
        self.assertRegex(self.run_twistd("-V").stdout, r"\AQEMU Guest Agent \d+\.\d+\.\d+\n\Z")
        self.assertIn("--block-rpcs", self.run_twistd("--help").stdout)
        wrong = self.run_twistd("--nonsense")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("unrecognized option '--nonsense'", wrong.stdout + wrong.stderr)

    def test_daemon(self) -> None:
        """
        Twistd becomes a daemon in its own way.
        """
        ended = self.run_twistd("-m", "unix-listen", "-p", "s", "-d")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("twistd daemonizes itself: drop -n", ended.stdout + ended.stderr)

    def test_cannot_start(self) -> None:
        """
        What is wrong is said in one line, not in a traceback.
        """
        ended = self.run_twistd("-m", "unix-listen", "-p", "/nonexistent/s", "-t", "/nonexistent")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("failed to write persistent state to /nonexistent/", ended.stderr)
        self.assertNotIn("Traceback", ended.stdout + ended.stderr)
