"""How an agent's channel is named, found and handed over. Facts 1.3 and 1.4."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from tests.functional._behaviour import Behaviour, only
from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, V7_2, AgentProcess, require
from tests.functional._process import Process


class Failures(Behaviour):
    all_of_a_process = True

    def fails(self, method: str, path: str, *, because: str) -> None:
        """Check all that an agent says that cannot open its channel."""
        process = AgentProcess(require(self.series), "-m", method, "-p", path)
        self.addCleanup(process.remove)
        process.spawn()
        self.assertEqual(process.wait(), 1, process.complaints())
        created = [] if "unsupported" in because else ["failed to create guest agent channel"]
        texts = [because, *created, "failed to initialize guest agent channel"]
        if self.series != V7_2:
            texts.append("error initializing guest agent")
        self.assertEqual(
            [line.partition(": ")[2] for line in process.complaints().splitlines()],
            [f"critical: {text}" for text in texts],
        )

    def test_devices(self) -> None:
        """
        A device that is not there, or cannot be opened, is named.
        """
        for method in ("virtio-serial", "isa-serial"):
            for path, why in (
                ("/nonexistent/port", "No such file or directory"),
                ("/tmp", "Is a directory"),
                (f"{__file__}/x", "Not a directory"),
            ):
                self.fails(method, path, because=f"error opening channel '{path}': {why}")

    def test_sockets(self) -> None:
        """
        So is a socket that cannot be made.
        """
        why = "Failed to bind socket to /nonexistent/s: No such file or directory"
        self.fails("unix-listen", "/nonexistent/s", because=why)
        path = "/tmp/" + "s" * 110
        self.fails("unix-listen", path, because=f"UNIX socket path '{path}' is too long")

    def test_addresses(self) -> None:
        """
        An address between host and guest that is wrong is told where it is.
        """
        for address, why in (
            ("3", "error parsing address '3'"),
            (":3", "error parsing address ':3'"),
            ("3:", "error parsing address '3:'"),
            ("x:3", "Failed to parse cid 'x'"),
            ("-1:3", "Failed to parse cid '-1'"),
            ("4294967296:3", "Failed to parse cid '4294967296'"),
            ("3:y", "Failed to parse port 'y'"),
            ("3:4:5", "Failed to parse port '4:5'"),
            ("3:4294967296", "Failed to parse port '4294967296'"),
            ("3:4,5", "trailing characters in address '3:4,5'"),
            ("c" * 33 + ":4", f"error parsing address '{'c' * 33}:4'"),
            ("3:" + "4" * 33, f"trailing characters in address '3:{'4' * 33}'"),
        ):
            self.fails("vsock-listen", address, because=why)

    def test_not_ours(self) -> None:
        """
        Nobody can listen as somebody else.
        """
        try:
            socket.socket(socket.AF_VSOCK).close()
        except OSError:
            why = "Failed to create socket family 40: Address family not supported by protocol"
        else:
            why = "Failed to bind socket: Cannot assign requested address"
        if self.series == OURS and "family" in why:
            why = "Failed to bind socket: Address family not supported by protocol"
        self.fails("vsock-listen", "77777:1024", because=why)

    def test_method(self) -> None:
        """
        A method that does not exist is named.
        """
        self.fails("tcp", "x", because="unsupported channel method/type: tcp")


class Retries(Behaviour):
    all_of_a_process = True

    def waiting(self) -> AgentProcess:
        """An agent that waits for its device."""
        options = ("-r", "-v", "-m", "virtio-serial", "-p", "/nonexistent/port")
        process = AgentProcess(require(self.series), *options)
        self.addCleanup(process.remove)
        process.spawn()
        deadline = time.monotonic() + PATIENCE
        while ": warning: waiting for channel path...\n" not in process.complaints():
            self.assertLess(time.monotonic(), deadline, process.complaints())
            time.sleep(0.01)
        return process

    @only(V7_2, OURS, because="10.0 ends itself")
    def test_not_there(self) -> None:
        """
        With -r the agent says why it waits; told to end, it ends at once, and not well.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.waiting()
            why = "critical: error opening channel '/nonexistent/port': No such file or directory"
            self.assertEqual(process.complaints().count(why), 1)
            process.signal(number)
            self.assertEqual(process.wait(), 1)


#: becomes the program in its arguments, with some descriptors moved to 3 and those behind it
_HAND_OVER = """
import fcntl, os, sys
pid, numbers, *argv = sys.argv[1:]
copies = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 100) for number in numbers.split(",")]
for place, copy in enumerate(copies):
    os.dup2(copy, 3 + place)
os.closerange(3 + len(copies), 256)
os.environ["LISTEN_PID"] = pid or str(os.getpid())
os.environ["LISTEN_FDS"] = str(len(copies))
os.environ["LISTEN_FDNAMES"] = "x"
os.execv(argv[0], argv)
"""


class HandedOver(AgentProcess):
    """An agent to which sockets are handed over, as systemd does it."""

    sockets: list[socket.socket]
    told_pid = ""  #: none: its own

    def spawn(self) -> None:
        """Start it, with descriptors from 3 on."""
        numbers = [each.fileno() for each in self.sockets]
        words = [self.told_pid, ",".join(map(str, numbers)), *self.argv]
        with self._stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _HAND_OVER, *words],
                cwd=self.cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                pass_fds=numbers,
            )


class Activation(Behaviour):
    all_of_a_process = True

    def handed(
        self, *options: str, sockets: Callable[[AgentProcess], list[socket.socket]]
    ) -> HandedOver:
        """An agent that was not started yet."""
        process = HandedOver(require(self.series), "-m", "isa-serial", *options)
        self.addCleanup(process.remove)
        process.sockets = sockets(process)
        for each in process.sockets:
            self.addCleanup(each.close)
        return process

    def listening(self, process: AgentProcess) -> list[socket.socket]:
        """A socket where the clients of that agent connect."""
        made = socket.socket(socket.AF_UNIX)
        made.bind(str(process.socket))
        made.listen(5)
        return [made]

    def inet(self, process: AgentProcess) -> list[socket.socket]:
        """A socket of a kind that no agent serves."""
        return [socket.socket(socket.AF_INET)]

    def refuses(self, process: AgentProcess, because: str) -> None:
        process.spawn()
        self.assertEqual(process.wait(), 1)
        self.assertIn(because, process.complaints())

    def test_serves(self) -> None:
        """
        A socket that is handed over is served, whatever method and path were told.
        """
        process = self.handed("-p", "/nonexistent/tty", sockets=self.listening)
        Process.start(process)
        for number in range(2):
            with process.connect() as client:
                self.assertEqual(client.call("guest-sync", id=number), number)

    def test_not_told_to_others(self) -> None:
        """
        Programs that the agent starts are told nothing of the socket.
        """
        process = self.handed(sockets=self.listening)
        Process.start(process)
        with process.connect() as client:
            script = "env >env; ls -l /proc/self/fd >fds"
            pid = client.call("guest-exec", path="/bin/sh", arg=["-c", script])["pid"]
            while not client.call("guest-exec-status", pid=pid)["exited"]:
                pass
        self.assertNotIn("LISTEN_FDS", (process.cwd / "env").read_text())
        self.assertNotIn("socket:", (process.cwd / "fds").read_text())

    def test_several(self) -> None:
        """
        More than one socket is an error.
        """
        process = self.handed(sockets=lambda process: self.listening(process) * 2)
        self.refuses(process, "qemu-ga only supports listening on one socket")

    def test_other_kind(self) -> None:
        """
        So is another kind of socket.
        """
        self.refuses(self.handed(sockets=self.inet), "unsupported listen fd type")

    def test_for_another(self) -> None:
        """
        A socket that is meant for another process is none.
        """
        process = self.handed("-p", "/nonexistent/tty", sockets=self.inet)
        process.told_pid = "1"
        self.refuses(process, "error opening channel '/nonexistent/tty'")

    def test_printed(self) -> None:
        """
        -D prints what is served, which has no path.
        """
        process = self.handed("-D", sockets=self.listening)
        process.spawn()
        self.assertEqual(process.wait(), 0)
        self.assertIn("\nmethod=unix-listen\npidfile=", process.complaints())


for _suite in (Failures, Retries, Activation):
    globals().update(_suite.for_every_agent())
