"""
Asking for a thaw until there is one.

A thaw may be refused although everything is thawed (its hook failed, the guest had thawed itself),
get no answer, or find no agent. So what counts is what the guest says of itself afterwards.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from attrs import define, field
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import CommandFailed, CommandNotFound, SessionError
from txqga.fsfreeze._wishes import STATUS, THAW, Ask

#: Pauses between attempts, in seconds: the first, the longest, and how they grow.
FIRST, LONGEST, GROWTH = 1.0, 30.0, 1.5


@define(eq=False)
class Thaws:
    """Asks for a thaw until there is one; at most once at a time."""

    clock: IReactorTime
    ask: Ask
    done: Callable[[], None]  #: called when the guest is thawed
    retried: Callable[[], None] = lambda: None  #: called when one is asked for again
    _running: Deferred[None] | None = field(default=None, init=False)
    _pause: float = field(default=FIRST, init=False)
    _alarm: IDelayedCall | None = field(default=None, init=False)  #: the end of a pause

    _log = Logger()

    def thaw(self) -> None:
        """Ask for a thaw now, and again until there is one."""
        self._run(self._steps(False))

    def wait(self) -> None:
        """A thaw was asked for in vain: see a little later whether it is still owed."""
        self._run(self._steps(True))

    def again(self) -> None:
        """The agent can be asked again: do not wait any longer."""
        self._pause = FIRST
        if self._alarm is not None:
            self._alarm.reset(0)

    def cancel(self) -> None:
        """Ask no more."""
        if self._running is not None:
            self._running.cancel()

    def _run(self, steps: Coroutine[Any, Any, None]) -> None:
        if self._running is not None:
            steps.close()
            return
        self._running = running = Deferred.fromCoroutine(steps)
        running.addCallbacks(lambda _: self.done(), self._ended)

    def _ended(self, failure: Failure) -> None:
        if not failure.check(CancelledError):
            self._log.failure("a thaw went wrong", failure)

    async def _steps(self, paused: bool) -> None:
        thawed = False if paused else await self._thaws()
        while not thawed:
            await self._sleep()
            thawed = await self._looks()
            if not thawed:
                self.retried()
                thawed = await self._thaws()

    async def _looks(self) -> bool:
        """Ask whether it is thawed; where it does not say so, it may be frozen."""
        try:
            return bool(await self.ask(STATUS, {}) == "thawed")
        except (CommandFailed, SessionError):
            return False

    async def _thaws(self) -> bool:
        """Ask for a thaw; say whether there was one."""
        try:
            await self.ask(THAW, {})
        except CommandNotFound:
            # QEMU's agent takes it while frozen, whatever is blocked: this one is not frozen
            return True
        except (CommandFailed, SessionError):
            return False
        return True

    async def _sleep(self) -> None:
        rings: Deferred[None] = Deferred()
        self._alarm = self.clock.callLater(self._pause, rings.callback, None)
        self._pause = min(self._pause * GROWTH, LONGEST)
        try:
            await rings
        finally:
            if self._alarm.active():
                self._alarm.cancel()
            self._alarm = None
