"""Threads that run when the test says so, and a reactor for who works in them."""

from collections.abc import Callable
from typing import Any, cast

from twisted.internet.task import Clock

from txqga.agent._holder import IReactorForHolder


class Threads(Clock):
    """A clock whose threads do their work in :meth:`run`, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], object]] = []

    @property
    def reactor(self) -> IReactorForHolder:
        return cast(IReactorForHolder, self)

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kw: object) -> None:
        callable(*args, **kw)

    def start(self, work: Callable[[], object]) -> None:
        """Start a thread."""
        self.waiting.append(work)

    def run(self) -> None:
        """Let all threads do what they have to, and those that they bring about."""
        while self.waiting:
            self.waiting.pop(0)()
