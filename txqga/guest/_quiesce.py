"""Work that is done while guests hold still, and how long each of them did."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import frozen
from twisted.internet.defer import Deferred, fail

from txqga.errors import AgentUnavailable, GroupFailed
from txqga.fsfreeze import Group, Hook, Interval, Timed
from txqga.fsfreeze import while_frozen as while_held
from txqga.guest._guest import Guest
from txqga.guest._shutdown import before_shutdown

T = TypeVar("T")

Work: TypeAlias = Callable[[], Deferred[T] | Coroutine[Deferred[Any], Any, T]]


@frozen
class Quiesced(Generic[T]):
    """What came of work that was done while guests held still."""

    result: T  #: of the work
    intervals: Mapping[str, Interval]  #: for how long each guest was frozen, by its name

    @property
    def skew(self) -> float:
        """Seconds between the first guest's freeze and the last one's."""
        since = [each.since for each in self.intervals.values()]
        return max(since) - min(since)

    @property
    def seconds(self) -> float:
        """Seconds during which all of them held still."""
        every = self.intervals.values()
        return min(each.until for each in every) - max(each.since for each in every)


def while_frozen(
    reactor: Any,
    guests: Guest | Iterable[Guest] | Iterable[Iterable[Guest]],
    work: Work[T],
    *,
    owner: str,
    seconds: float | None = None,
    mountpoints: list[str] | None = None,
    hook: Hook | None = None,
) -> Deferred[Quiesced[T]]:
    """
    Freeze guests, all or none; do the work; and thaw them, whatever became of the work.

    Each freeze is a lease: a guest is thawed at its end, also while the work goes on, which has
    failed then. A reactor that stops meanwhile waits until all are thawed. See
    :class:`txqga.fsfreeze.Group` for what happens in which order.

    :param reactor: tells the time, and starts the hook.
    :param guests: one, or several, which are frozen at the same time; or several such groups, each
        of which is frozen after the one before it.
    :param work: is called when all hold still: an ``async def`` function, one that returns a
        Deferred, or a :class:`HostCommand`.
    :param owner: who holds them, for people.
    :param seconds: how long each may be frozen; None: five minutes.
    :param mountpoints: what to freeze in each; None: all there is.
    :param hook: a program of this host that is run before, and after.
    :return: what the work gave, once all are thawed. Fails as the work does; with
        :class:`~txqga.errors.GroupFailed` where guests could not be frozen, or did not stay so
        until the work was done; with :class:`~txqga.errors.HookFailed`. May be cancelled: the work
        is then, too.
    :raise ValueError: two of the guests have the same name, or there is none.
    """
    timed: dict[str, Timed] = {}
    ranks: list[dict[str, Timed]] = []
    for rank in _named(guests):
        ranks.append({})
        for name, guest in rank.items():
            try:
                holder = guest.freezer(owner, seconds, mountpoints)
            except AgentUnavailable as why:
                return fail(GroupFailed({name: why}))
            timed[name] = ranks[-1][name] = Timed(reactor, holder)

    def begin() -> Deferred[T]:
        begun = work()
        return Deferred.fromCoroutine(begun) if isinstance(begun, Coroutine) else begun

    def done(result: T) -> Quiesced[T]:
        return Quiesced(result, {name: each.interval for name, each in timed.items()})

    group = Group(reactor, ranks, hook)
    return before_shutdown(reactor, while_held(group, begin)).addCallback(done)


def _named(
    guests: Guest | Iterable[Guest] | Iterable[Iterable[Guest]],
) -> list[dict[str, Guest]]:
    ranks: list[dict[str, Guest]] = []
    names: set[str] = set()
    for rank in _ranks(guests):
        ranks.append({})
        for guest in rank:
            name = guest.name or f"guest {len(names) + 1}"
            if name in names:
                raise ValueError(f"there are two guests called {name}")
            names.add(name)
            ranks[-1][name] = guest
    if not names:
        raise ValueError("there is no guest to be frozen")
    return ranks


def _ranks(
    guests: Guest | Iterable[Guest] | Iterable[Iterable[Guest]],
) -> list[list[Guest]]:
    if isinstance(guests, Guest):
        return [[guests]]
    flat: list[Guest] = []
    ranks: list[list[Guest]] = []
    for each in guests:
        if isinstance(each, Guest):
            flat.append(each)
        else:
            ranks.append(list(each))
    if flat and ranks:
        raise ValueError("guests, or groups of guests: not both")
    return ranks or [flat]
