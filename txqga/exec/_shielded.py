"""Starting a program when nobody waits for it any more."""

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from txqga.exec._running import Running


def shielded(steps: Coroutine[Any, Any, Running]) -> Deferred[Running]:
    """
    Start a program, and do not leave it alone.

    :return: cancelled, it fails at once; what is started all the same is then treated as if
        waiting for it had been cancelled.
    """
    given: Deferred[Running] = Deferred(lambda _: None)

    def started(running: Running) -> None:
        if not given.called:
            given.callback(running)
            return
        waiting = running.wait()
        waiting.addErrback(lambda failure: failure.trap(CancelledError) and None)
        waiting.cancel()

    def failed(failure: Failure) -> None:
        if not given.called:
            given.errback(failure)

    Deferred.fromCoroutine(steps).addCallbacks(started, failed)
    return given
