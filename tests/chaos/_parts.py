"""A process of scripted guests or of clients: started anew as often as it is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.functional._client import PATIENCE
from tests.functional._process import environment


class Part:
    """
    One such process.

    :param arguments: what it is started with, behind the path of its ledger.
    :param folder: where its ledgers go, one for each of its lives.
    """

    def __init__(self, module: str, name: str, folder: Path, arguments: list[str]) -> None:
        self._module = module
        self._name = name
        self._folder = folder
        self._arguments = arguments
        self._life = 0
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        """Start it, and wait for nothing."""
        self._life += 1
        ledger = self._folder / f"{self._name}-{self._life}.jsonl"
        with (self._folder / f"{self._name}.err").open("ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, str(ledger), *self._arguments],
                stdin=subprocess.PIPE,
                stdout=stderr,
                stderr=stderr,
                env=environment(),
            )

    def kill(self) -> None:
        """SIGKILL."""
        process = self._running()
        process.kill()
        process.wait(PATIENCE)
        assert process.stdin is not None
        process.stdin.close()

    def signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self._running().pid, number)

    def say(self, line: str) -> None:
        """Tell it something."""
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()

    def end(self, patience: float) -> None:
        """
        Tell it to end what it is at, and wait.

        :raise AssertionError: it does not, or something went wrong in it.
        """
        process = self._running()
        assert process.stdin is not None
        process.stdin.close()
        try:
            status: int | str = process.wait(patience)
        except subprocess.TimeoutExpired:
            status = "still at it"
        if status != 0:
            errors = (self._folder / f"{self._name}.err").read_text()[-4000:]
            raise AssertionError(f"{self._name} ended with {status}: {errors}")

    def remove(self) -> None:
        """End it if it runs."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGCONT)
            self.kill()

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "not started"
        return self._process
