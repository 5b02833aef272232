"""Verbs in tests: their guests are in memory, and what they say is kept."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any

import click
from click.testing import CliRunner
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli import _running
from txqga.cli._output import Output
from txqga.cli._verb import Asked, Run
from txqga.cli._where import Where
from txqga.guest import Guest
from txqga.testing import MemoryGuest


class Terminal(StringIO):
    """Something that people look at."""

    def isatty(self) -> bool:
        return True


class MemoryRun(Run):
    """A verb at work whose guests are in memory, and whose mux says what it is told to."""

    def __init__(self, asked: Asked | None = None, *, terminal: bool = False) -> None:
        self.stdout = Terminal() if terminal else StringIO()
        self.stderr = StringIO()
        asked = Asked() if asked is None else asked
        super().__init__(Clock(), asked, Output(asked.json, self.stdout, self.stderr))
        self.guests: dict[str | None, MemoryGuest] = {}
        self.now = lambda: 1_700_000_000_000_000_000
        self._control = MemoryControl()  # type: ignore[assignment]

    @property
    def mux(self) -> "MemoryControl":
        """What is asked of the mux, and answered."""
        return self._control  # type: ignore[return-value]

    @asynccontextmanager
    async def guest(self, name: str | None) -> AsyncIterator[Guest]:
        """One of ``guests``."""
        yield self.guests[name]

    def callee(self, name: str | None) -> Any:
        """One of ``guests``."""
        return self.guest(name)

    def awaited(self, name: str | None) -> Guest:
        """One of ``guests``."""
        return self.guests[name]

    @property
    def lines(self) -> list[str]:
        """What was said."""
        return self.stdout.getvalue().splitlines()

    @property
    def values(self) -> list[Any]:
        """What was said in JSON."""
        return [json.loads(line) for line in self.lines]


class MemoryControl:
    """The control interface of a mux."""

    where = "https://mux.example"

    def __init__(self) -> None:
        self.answers: dict[tuple[str, tuple[str, ...]], Any] = {}  #: values, or what is raised
        self.asked: list[tuple[str, ...]] = []
        self.bodies: list[Any] = []
        self.texts: dict[str, str] = {}  #: what is no JSON
        self.is_there = True  #: for those who follow
        self.following: Deferred[None] = Deferred()  #: who follows waits for it
        self.happened: Callable[[str, Any], object] = lambda kind, data: None  #: tells them

    async def ask(self, method: str, *path: str, body: Any = None) -> Any:
        self.asked.append((method, *path))
        self.bodies.append(body)
        answer = self.answers[method, path]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def text(self, path: str) -> str:
        return self.texts[path]

    async def follow(self, told: Callable[[str, Any], object], began: Callable[[], object]) -> None:
        self.happened = told
        if self.is_there:
            began()
        await self.following


class InvokeCase(SynchronousTestCase):
    """A command line that is read, and a verb that ends at once."""

    def setUp(self) -> None:
        self.patch(_running, "perform", self.perform)

    def perform(self, work: Any) -> Any:
        try:
            work(None).send(None)
        except StopIteration as done:
            return done.value

    def invoke(self, command: click.Command, *words: str, connect: str | None = None) -> Any:
        asked = Asked(Where(connect=connect))
        return CliRunner().invoke(command, words, obj=asked, standalone_mode=False)


class VerbCase(SynchronousTestCase):
    """One verb."""

    def setUp(self) -> None:
        self.answers: dict[str, Any] = {}

    def start(self, *, json: bool = False, terminal: bool = False) -> MemoryRun:
        """What a verb is given; its guest is ``db1``."""
        run = MemoryRun(Asked(json=json), terminal=terminal)
        guest = MemoryGuest(self.answers, name="db1", clock=run.reactor)
        self.addCleanup(guest.close)
        run.guests["db1"] = run.guests[None] = guest
        return run

    def done(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What a verb that has ended returns."""
        return self.successResultOf(Deferred.fromCoroutine(work))

    def failed(self, work: Coroutine[Any, Any, Any], *kinds: type[Exception]) -> Any:
        """What a verb that has ended raised."""
        return self.failureResultOf(Deferred.fromCoroutine(work), *kinds).value
