"""The command ``txqga`` as a process, and the guests that it is asked for."""

import atexit
import functools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, AgentProcess, require
from tests.functional._process import environment

COMMAND = (sys.executable, "-m", "txqga.cli")


@frozen
class Said:
    """What became of a command."""

    status: int
    out: bytes
    err: str


def ask(*words: str, input: bytes | None = None, env: Mapping[str, str] | None = None) -> Said:
    """
    Run it to its end.

    :param input: what it reads; None: nothing.
    """
    done = subprocess.run(
        [*COMMAND, *words],
        env={**environment(), **(env or {})},
        input=b"" if input is None else input,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr.decode())


class Started:
    """
    One that runs, and ends when the test does.

    :param test: the test.
    """

    def __init__(self, test: SynchronousTestCase, words: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *words],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        test.addCleanup(self._remove)

    def line(self) -> bytes:
        """Wait for the next line that it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def type(self, data: bytes) -> None:
        """Give it something to read."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def end(self) -> Said:
        """Wait until it ends."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return Said(self.process.returncode, out, err.decode())

    def _remove(self) -> None:
        self.process.kill()
        self.process.communicate()


class Guests:
    """A mux with an agent of ours and QEMU's: ``ours`` and ``real``; and one agent beside it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.folder = Path(self._folder.name)
        self.agents = {
            "ours": AgentProcess(require(OURS)),
            "real": AgentProcess(require(V7_2)),
            "direct": AgentProcess(require(OURS)),
            "direct-real": AgentProcess(require(V7_2)),
        }
        for agent in self.agents.values():
            agent.start()
        behind = {name: self.agents[name].socket for name in ("ours", "real")}
        self.mux = MuxProcess(behind, "--http", f"unix:{self.folder / 'control.http'}", "--poll")
        self.mux.start()

    def words(self, name: str) -> tuple[str, ...]:
        """The options that lead to a guest."""
        if name.startswith("direct"):
            return ("--connect", str(self.agents[name].socket))
        return ("--mux", str(self.mux.served), "--control", str(self.folder / "control.http"))

    def name(self, name: str) -> tuple[str, ...]:
        """What a verb is told of a guest."""
        return () if name.startswith("direct") else (name,)

    def close(self) -> None:
        """End all of them."""
        self.mux.remove()
        for agent in self.agents.values():
            agent.remove()
        self._folder.cleanup()


@functools.cache
def guests() -> Guests:
    """Those that all tests of this process ask."""
    made = Guests()
    atexit.register(made.close)
    return made


class CliCase(SynchronousTestCase):
    """Verbs, asked of all four guests."""

    every = ("ours", "real", "direct", "direct-real")

    def setUp(self) -> None:
        self.guests = guests()
        self.here = Path(self.mktemp()).absolute()
        self.here.mkdir()

    def ask(self, guest: str, verb: str, *words: str, **named: Any) -> Said:
        """Ask a guest; the words follow its name."""
        return ask(*self.guests.words(guest), verb, *self.guests.name(guest), *words, **named)

    def begin(self, guest: str, verb: str, *words: str) -> Started:
        """Ask, and do not wait for the end."""
        return Started(self, [*self.guests.words(guest), verb, *self.guests.name(guest), *words])

    def eventually(self, is_so: Any, what: str) -> None:
        """Wait until something is so."""
        ends = time.monotonic() + PATIENCE
        while not is_so():
            self.assertLess(time.monotonic(), ends, what)
            time.sleep(0.01)


def runs(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
