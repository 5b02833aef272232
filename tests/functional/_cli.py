"""The command ``txqga`` as people run it, and the guests that it is asked for."""

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from signal import SIGINT
from typing import Any

from attrs import frozen
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.interfaces import IProcessTransport
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.task import deferLater
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, AgentProcess, require
from tests.functional._process import environment

COMMAND = (sys.executable, "-m", "txqga.cli")


def surroundings() -> dict[str, str]:
    """The environment of the command, which says nothing of where guests are."""
    return {k: v for k, v in environment().items() if not k.startswith("TXQGA_")}


@frozen
class Done:
    """What became of a command."""

    status: int
    octets: bytes  #: what it said
    err: str

    @property
    def out(self) -> str:
        """What it said, as text."""
        return self.octets.decode()

    @property
    def json(self) -> Any:
        """What it said, which is one value."""
        return json.loads(self.octets)

    @property
    def error(self) -> Any:
        """What it complained of, with ``--json``."""
        return json.loads(self.err.splitlines()[-1])["error"]


def ask(*words: str, patience: float = PATIENCE) -> Done:
    """Run it to its end, for a test that does not run the reactor; it reads nothing."""
    argv = [*COMMAND, *words]
    done = subprocess.run(
        argv, env=surroundings(), input=b"", capture_output=True, timeout=patience, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr.decode())


class Command(ProcessProtocol):
    """One ``txqga`` that runs."""

    transport: IProcessTransport

    def __init__(self) -> None:
        self.ended: Deferred[Done] = Deferred()
        self.out = b""
        self.err = b""
        self._given = 0  #: octets of it that :meth:`line` gave
        self._awaited: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def says(self, words: str) -> "Deferred[None]":
        """Wait until it has said that, on stdout or stderr."""
        return self._until(lambda: words in (self.out + self.err).decode(errors="replace"))

    async def line(self) -> bytes:
        """Wait for the next line that it says."""
        await self._until(lambda: b"\n" in self.out[self._given :])
        begins, self._given = self._given, self.out.index(b"\n", self._given) + 1
        return self.out[begins : self._given]

    def type(self, data: bytes) -> None:
        """Give it something to read."""
        self.transport.writeToChild(0, data)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.transport.signalProcess(int(number))

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        self.signal(SIGINT)

    def outReceived(self, data: bytes) -> None:
        self.out += data
        self._look()

    def errReceived(self, data: bytes) -> None:
        self.err += data
        self._look()

    def processEnded(self, reason: Failure) -> None:
        status = getattr(reason.value, "exitCode", None)
        signal = getattr(reason.value, "signal", None)
        code = -signal if signal is not None else status or 0
        self.ended.callback(Done(code, self.out, self.err.decode()))

    def _until(self, is_so: Callable[[], bool]) -> "Deferred[None]":
        so: Deferred[None] = Deferred()
        self._awaited.append((is_so, so))
        self._look()
        return so

    def _look(self) -> None:
        found = [each for each in self._awaited if each[0]()]
        self._awaited = [each for each in self._awaited if each not in found]
        for _, so in found:
            so.callback(None)


class CliCase(TestCase):
    """Runs ``txqga``."""

    timeout = 2 * PATIENCE
    where: tuple[str, ...] = ()  #: what stands in front of the verb

    def begin(self, *words: str, **env: str) -> Command:
        """Start it; what still runs when the test is over is killed."""
        running = Command()
        argv = [*COMMAND, *self.where, *words]
        reactor.spawnProcess(running, sys.executable, argv, {**surroundings(), **env})
        self.addCleanup(self._remove, running)
        return running

    async def txqga(self, *words: str, input: bytes = b"", **env: str) -> Done:
        """Run it to its end."""
        running = self.begin(*words, **env)
        running.type(input)
        running.transport.closeStdin()
        return await running.ended

    async def good(self, *words: str) -> Done:
        """Run it; it succeeds."""
        done = await self.txqga(*words)
        self.assertEqual(done.status, 0, f"{words}: {done}")
        return done

    async def together(self, *running: Coroutine[Any, Any, Any]) -> list[Any]:
        """Run several at the same time; what each came to."""
        every = [Deferred.fromCoroutine(each) for each in running]
        return await gatherResults(every, consumeErrors=True)

    async def refused(self, status: int, *words: str) -> Any:
        """Run it with ``--json``; it fails with that exit status, and says why."""
        done = await self.txqga("--json", *words)
        self.assertEqual(done.status, status, f"{words}: {done}")
        self.assertEqual(done.out, "")
        self.assertEqual(done.error["exit"], status)
        return done.error

    async def eventually(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        ends = reactor.seconds() + PATIENCE
        while not is_so():
            self.assertLess(reactor.seconds(), ends, what)
            await deferLater(reactor, 0.01)

    def _remove(self, running: Command) -> "Deferred[Done] | None":
        if running.ended.called:
            return None
        running.signal(9)
        return running.ended


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


class GuestsCase(CliCase):
    """Verbs, asked of all four guests."""

    every = ("ours", "real", "direct", "direct-real")

    def setUp(self) -> None:
        self.guests = guests()
        self.here = Path(self.mktemp()).absolute()
        self.here.mkdir()

    async def ask(self, guest: str, verb: str, *words: str, **named: Any) -> Done:
        """Ask a guest; the words follow its name."""
        return await self.txqga(*self._line(guest, verb, *words), **named)

    def start(self, guest: str, verb: str, *words: str) -> Command:
        """Ask, and do not wait for the end."""
        return self.begin(*self._line(guest, verb, *words))

    def _line(self, guest: str, verb: str, *words: str) -> list[str]:
        return [*self.guests.words(guest), verb, *self.guests.name(guest), *words]


def runs(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
