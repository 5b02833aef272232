"""
Guest agents as processes: the real ``qemu-ga`` of two versions, and ours.

``qemu-ga`` 7.2 is Debian 12's (package qemu-guest-agent). 10.0 is the one of
bookworm-backports, unpacked anywhere: ``TXQGA_QEMU_GA_10`` names the program, else it is
looked for under ``$XDG_CACHE_HOME/txqga/qemu-ga-10.0`` (``dpkg -x`` into that folder). Where one
is missing its tests are skipped, or fail if ``TXQGA_REQUIRE_REAL`` is 1.

No agent started here may change this machine: see :data:`DANGEROUS`.
"""

import contextlib
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from unittest import SkipTest

from attrs import frozen
from typing_extensions import Self

import txqga
from tests.functional._client import PATIENCE, Client, Gone, request

#: Commands that every agent of a test is started without.
DANGEROUS = (
    "guest-shutdown",
    "guest-suspend-disk",
    "guest-suspend-ram",
    "guest-suspend-hybrid",
    "guest-set-time",
    "guest-fsfreeze-freeze",
    "guest-fsfreeze-freeze-list",
    "guest-fsfreeze-thaw",
    "guest-fstrim",
    "guest-set-vcpus",
    "guest-set-memory-blocks",
    "guest-set-user-password",
    "guest-ssh-add-authorized-keys",
    "guest-ssh-remove-authorized-keys",
)

#: What names an agent in these tests; ``ours`` speaks as 11.1.3 does.
V7_2, V10_0, OURS = "7.2", "10.0", "ours"

_ROOT = Path(txqga.__file__).parent.parent
_MAIN = "import sys; from txqga.daemons.agent import main; sys.exit(main())"


@frozen
class Program:
    """An agent that can be started."""

    series: str  #: 7.2, 10.0 or ours
    argv: tuple[str, ...]
    version: str  #: as ``-V`` prints it, such as 7.2.22


def environment() -> dict[str, str]:
    """The one of this process, changed so that the agent under test is the one of this tree."""
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{path}" if path else str(_ROOT)}


def _version(argv: Sequence[str]) -> str | None:
    """The version a program says it has; None if it cannot be run."""
    try:
        done = subprocess.run(
            [*argv, "-V"], capture_output=True, timeout=PATIENCE, env=environment(), check=False
        )
    except OSError:
        return None
    found = re.search(rb"QEMU Guest Agent (\d+\.\d+\S*)", done.stdout)
    return found[1].decode() if found else None


def _candidates(series: str) -> Iterator[Path]:
    if series == V10_0:
        if named := os.environ.get("TXQGA_QEMU_GA_10"):
            yield Path(named)
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
        yield cache / "txqga" / "qemu-ga-10.0" / "usr" / "sbin" / "qemu-ga"
    yield Path("/usr/sbin/qemu-ga")
    if found := shutil.which("qemu-ga"):
        yield Path(found)


@functools.cache
def find(series: str) -> Program | None:
    """The agent of that series on this machine, or None."""
    if series == OURS:
        argv = (sys.executable, "-c", _MAIN)
        version = _version(argv)
        return Program(series, argv, version) if version else None
    for path in _candidates(series):
        version = _version([str(path)])
        if version and version.startswith(f"{series}."):
            return Program(series, (str(path),), version)
    return None


def named(path: str) -> Program:
    """
    The real agent at that path, whatever its version.

    :raise SystemExit: there is none.
    """
    version = _version([path])
    if version is None:
        raise SystemExit(f"{path} is no qemu-ga")
    return Program(version, (path,), version)


def require(series: str) -> Program:
    """
    The agent of that series.

    :raise SkipTest: it is not here.
    :raise AssertionError: it is not here, and ``TXQGA_REQUIRE_REAL`` is 1, or it is our own.
    """
    program = find(series)
    if program is not None:
        return program
    if series == OURS:
        raise AssertionError("our own agent does not start: python -m txqga.daemons.agent -V")
    why = f"no qemu-ga {series} on this machine (see tests/functional/_oracle.py)"
    if os.environ.get("TXQGA_REQUIRE_REAL") == "1":
        raise AssertionError(why)
    raise SkipTest(why)


class AgentProcess:
    """
    An agent on a UNIX socket, in a folder of its own, which goes with it.

    ``with AgentProcess(require("7.2")) as agent:`` starts it and waits until it answers.
    """

    def __init__(
        self,
        program: Program,
        *options: str,
        block: Sequence[str] = DANGEROUS,
        env: Mapping[str, str | None] | None = None,
    ) -> None:
        """
        :param options: further ones for the command line.
        :param env: changes to the environment; None removes a variable.
        """
        self.program = program
        # a socket's path holds 107 octets, and pytest's and trial's own folders are long
        self.folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.socket = self.folder / "s"
        self.state = self.folder / "state"
        self.cwd = self.folder / "cwd"  #: where relative paths of guest-file-open end
        self._stderr = self.folder / "stderr"
        self._options = ["-m", "unix-listen", "-p", str(self.socket), "-t", str(self.state)]
        self._options += [*(["-b", ",".join(block)] if block else []), *options]
        changed = {**environment(), **(env or {})}
        self._env = {name: value for name, value in changed.items() if value is not None}
        self._process: subprocess.Popen[bytes] | None = None
        self.state.mkdir()
        self.cwd.mkdir()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, unlink: bool = True) -> None:
        """
        Start it, and wait until it answers.

        :param unlink: remove an old socket first, so that nobody connects to what is no agent.
        :raise AssertionError: it ended, or does not answer; with what it wrote to stderr.
        """
        if unlink:
            self.socket.unlink(missing_ok=True)
        self.spawn()
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if not self.alive or time.monotonic() > deadline:
                raise AssertionError(f"{self.program.argv} does not answer: {self.complaints()}")
            time.sleep(0.01)

    def spawn(self) -> None:
        """Start it, and wait for nothing."""
        with self._stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                [*self.program.argv, *self._options],
                cwd=self.cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )

    def answers(self) -> bool:
        """Whether a new client is served."""
        try:
            with Client(self.socket) as client:
                client.ask(request("guest-sync", {"id": 7}))
        except (OSError, Gone):
            return False
        return True  # a refusal is an answer too

    def connect(self, patience: float = PATIENCE) -> Client:
        """A new client of it."""
        return Client(self.socket, patience)

    def signal(self, number: int) -> None:
        """Send a signal; ``SIGSTOP`` returns when the process really stands still."""
        os.kill(self.pid, number)
        if number == signal.SIGSTOP:
            deadline = time.monotonic() + PATIENCE
            while not re.search(r"^State:\tT", self._proc("status"), re.MULTILINE):
                assert time.monotonic() < deadline, "not stopped"
                time.sleep(0.001)

    def kill(self) -> int:
        """SIGKILL; the exit status."""
        process = self._running()
        process.kill()
        return process.wait(PATIENCE)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        process = self._running()
        process.send_signal(signal.SIGCONT)
        process.terminate()
        return process.wait(PATIENCE)

    def wait(self) -> int:
        """The exit status, when it has ended by itself."""
        return self._running().wait(PATIENCE)

    def restart(self) -> None:
        """Stop it and start it again, in the same folder."""
        if self.alive:
            self.stop()
        self.start()

    def remove(self) -> None:
        """End it if it runs, and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def complaints(self) -> str:
        """What it has written to stdout and stderr, the end of it."""
        with contextlib.suppress(FileNotFoundError):
            return self._stderr.read_bytes()[-4000:].decode(errors="replace")
        return ""

    def open_files(self) -> dict[int, str]:
        """What its file descriptors are: a path, ``socket:[…]``, ``pipe:[…]``, ``anon_inode:…``."""
        found = {}
        for entry in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                found[int(entry.name)] = str(entry.readlink())
        return found

    def memory(self) -> int:
        """Octets of memory resident now."""
        return self._status("VmRSS")

    def peak_memory(self) -> int:
        """Octets of memory resident at most, since the start or :meth:`forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def _status(self, key: str) -> int:
        found = re.search(rf"^{key}:\s+(\d+) kB", self._proc("status"), re.MULTILINE)
        assert found is not None, key
        return int(found[1]) * 1024

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.pid}/{name}").read_text()

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process
