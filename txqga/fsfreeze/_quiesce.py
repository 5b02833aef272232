"""Work that is done while a guest holds still."""

from collections.abc import Callable
from typing import TypeVar

from twisted.internet.defer import Deferred

from txqga.interfaces import IFreezer

T = TypeVar("T")


def while_frozen(guest: IFreezer, work: Callable[[], Deferred[T]]) -> Deferred[T]:
    """
    Freeze, do the work, and thaw, whatever became of the work.

    :return: what became of the work, once the guest is thawed. Fails as freezing and thawing do:
        in particular where the guest did not stay frozen until the work was done.
    """

    async def steps() -> T:
        try:
            await guest.freeze()  # inside: a cancelled freeze may still land
            return await work()
        finally:
            await guest.thaw()  # the lifecycle knows when none is owed

    return Deferred.fromCoroutine(steps())
