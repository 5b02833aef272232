"""
The hook of one group: for whom it is run is written down first.

A mux that is killed in between knows then, when it is started anew, for whom it has to be run with
``thaw``: also where none of the guests was frozen yet, or not all of them.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from attrs import frozen
from twisted.internet.defer import Deferred

from txqga.errors import HookFailed
from txqga.fsfreeze import Hook
from txqga.mux import HookBook


@frozen
class NotedHook:
    """The hook of one group."""

    hook: Hook
    book: HookBook
    id: str  #: of the group

    def run(self, reactor: Any, word: str, guests: Iterable[str]) -> Deferred[None]:
        """Run it; see :meth:`txqga.fsfreeze.Hook.run`."""
        steps = self._freeze if word == "freeze" else self._thaw
        return Deferred.fromCoroutine(steps(reactor, list(guests)))

    async def _freeze(self, reactor: Any, guests: list[str]) -> None:
        try:
            await self.book.note_hook(self.id, guests)
        except OSError as why:
            words = f"it is not run, for that cannot be written down: {why.strerror}"
            raise HookFailed(" ".join(self.hook.argv), words) from why
        await self.hook.run(reactor, "freeze", guests)

    async def _thaw(self, reactor: Any, guests: list[str]) -> None:
        try:
            await self.hook.run(reactor, "thaw", self.book.hooked.get(self.id, guests))
        finally:
            with suppress(OSError):  # then it is run once more, by the next process
                await self.book.note_hook(self.id, None)
