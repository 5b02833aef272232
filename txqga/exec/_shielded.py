"""Starting a program when nobody waits for it any more."""

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from txqga.errors import TxqgaError
from txqga.exec._running import Running


def shielded(steps: Coroutine[Any, Any, Running]) -> Deferred[Running]:
    """
    Start a program, and do not leave it alone.

    :return: cancelled, it waits for what is started all the same, which then is treated as if
        waiting for it had been cancelled, and fails with CancelledError. Cancelled once more, it
        waits no longer.
    """
    return Deferred.fromCoroutine(_Shield(Deferred.fromCoroutine(steps)).steps())


class _Shield:
    def __init__(self, starting: Deferred[Running]) -> None:
        self._result: Running | Failure | None = None
        self._waiting: Deferred[Running] | None = None
        starting.addBoth(self._started)

    async def steps(self) -> Running:
        try:
            return await self._wait()
        except CancelledError:
            try:
                running = await self._wait()
            except TxqgaError:
                raise CancelledError from None  # it was not started
            await _given_up(running)
            raise

    def _wait(self) -> Deferred[Running]:
        waiting: Deferred[Running] = Deferred(self._forget)
        self._waiting = waiting
        if self._result is not None:
            self._started(self._result)
        return waiting

    def _forget(self, _: Deferred[Running]) -> None:
        self._waiting = None

    def _started(self, result: Running | Failure) -> None:
        self._result = result
        waiting, self._waiting = self._waiting, None
        if waiting is not None and isinstance(result, Failure):
            waiting.errback(result)
        elif waiting is not None:
            waiting.callback(result)


async def _given_up(running: Running) -> None:
    waiting = running.wait()
    waiting.cancel()
    try:
        await waiting
    except (CancelledError, TxqgaError):
        return
