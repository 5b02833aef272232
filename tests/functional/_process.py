"""A program under test, as a process: started, watched, stopped, ended."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

import txqga
from tests.functional._client import PATIENCE

_ROOT = Path(txqga.__file__).parent.parent


def environment() -> dict[str, str]:
    """The one of this process, changed so that what is tested is what is in this tree."""
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{path}" if path else str(_ROOT)}


class Process:
    """
    A program in a folder of its own, which goes with it.

    ``with`` starts it, waits until it is ready, and ends it.
    """

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str | None] | None = None) -> None:
        """:param env: changes to the environment; None removes a variable."""
        # a socket's path holds 107 octets, and pytest's and trial's own folders are long
        self.folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.cwd = self.folder / "cwd"  #: its current folder
        self.cwd.mkdir()
        self.argv = list(argv)
        self._stderr = self.folder / "stderr"
        changed = {**environment(), **(env or {})}
        self._env = {name: value for name, value in changed.items() if value is not None}
        self._process: subprocess.Popen[bytes] | None = None

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

    def ready(self) -> bool:
        """Whether it does what it is for."""
        raise NotImplementedError

    def start(self) -> None:
        """
        Start it, and wait until it is ready.

        :raise AssertionError: it ended, or is never ready; with what it wrote to stderr.
        """
        self.spawn()
        deadline = time.monotonic() + PATIENCE
        while not self.ready():
            if not self.alive or time.monotonic() > deadline:
                raise AssertionError(f"{self.argv} is not ready: {self.complaints()}")
            time.sleep(0.01)

    def spawn(self) -> None:
        """Start it, and wait for nothing."""
        with self._stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                self.argv,
                cwd=self.cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )

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
