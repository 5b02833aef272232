"""``txqga`` as people run it."""

import json
import sys
from collections.abc import Coroutine
from signal import SIGINT
from typing import Any

from attrs import frozen
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._process import environment


@frozen
class Done:
    """What came of it."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it said, which is one value."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """What it complained of, with ``--json``."""
        return json.loads(self.err.splitlines()[-1])["error"]


class Command(ProcessProtocol):
    """One ``txqga`` that runs."""

    def __init__(self) -> None:
        self.ended: Deferred[Done] = Deferred()
        self.out = b""
        self.err = b""
        self._awaited: list[tuple[str, Deferred[None]]] = []

    def says(self, words: str) -> "Deferred[None]":
        """Wait until it has said that, on stdout or stderr."""
        said: Deferred[None] = Deferred()
        self._awaited.append((words, said))
        self._look()
        return said

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        assert self.transport is not None
        self.transport.signalProcess(SIGINT)

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
        self.ended.callback(Done(code, self.out.decode(), self.err.decode()))

    def _look(self) -> None:
        everything = (self.out + self.err).decode(errors="replace")
        found = [each for each in self._awaited if each[0] in everything]
        self._awaited = [each for each in self._awaited if each not in found]
        for _, said in found:
            said.callback(None)


class CliCase(TestCase):
    """Runs ``txqga``."""

    timeout = 2 * PATIENCE
    where: tuple[str, ...] = ()  #: what stands in front of the verb

    def begin(self, *words: str, **env: str) -> Command:
        """Start it."""
        running = Command()
        argv = [sys.executable, "-m", "txqga.cli", *self.where, *words]
        clean = {k: v for k, v in environment().items() if not k.startswith("TXQGA_")}
        reactor.spawnProcess(running, sys.executable, argv, {**clean, **env})
        return running

    async def txqga(self, *words: str, **env: str) -> Done:
        """Run it to its end."""
        return await self.begin(*words, **env).ended

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
