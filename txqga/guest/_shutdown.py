"""What a reactor that stops has to wait for."""

from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorCore

T = TypeVar("T")


def before_shutdown(reactor: Any, going_on: Deferred[T]) -> Deferred[T]:
    """
    Cancel what goes on when the reactor stops, and let it wait until that is over.

    :param reactor: one that cannot be stopped, such as a ``Clock``, has nothing to wait for.
    :return: ``going_on``.
    """
    if going_on.called or not IReactorCore.providedBy(reactor):
        return going_on
    stopping: list[Deferred[None]] = []

    def stop() -> Deferred[None]:
        over: Deferred[None] = Deferred()
        stopping.append(over)
        going_on.cancel()
        return over

    trigger = reactor.addSystemEventTrigger("before", "shutdown", stop)

    def ended(result: T) -> T:
        if not stopping:  # else it was called, and is not there any more
            reactor.removeSystemEventTrigger(trigger)
        for over in stopping:
            over.callback(None)
        return result

    return going_on.addBoth(ended)
