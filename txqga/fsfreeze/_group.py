"""
Several guests that hold still together.

First all have to answer, so that none is frozen in vain for want of another. Then they are frozen,
in ranks: those of one rank at the same time, one rank after the other (a database after the servers
that write to it). If one cannot be frozen, all are thawed at once. Otherwise they are thawed the
other way round.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from attrs import frozen
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from zope.interface import implementer

from txqga.errors import GroupFailed, HookFailed
from txqga.interfaces import IFreezer

#: Seconds that each guest has to answer before anything is frozen.
PATIENCE = 10.0


class Holder(Protocol):
    """As much of :class:`Freezer` as is needed here."""

    def ready(self) -> Deferred[None]:
        """Wait until the guest answers."""

    def freeze(self) -> Deferred[int]:
        """Freeze."""

    def thaw(self) -> Deferred[int]:
        """Thaw, if that is owed."""


class AnyHook(Protocol):
    """As much of :class:`Hook` as is needed here."""

    def run(self, reactor: Any, word: str, guests: Iterable[str]) -> Deferred[None]:
        """Run it; fails with :class:`~txqga.errors.HookFailed`."""


@frozen
class Report:
    """How a group was frozen."""

    frozen: Mapping[str, int]  #: filesystems, by guest
    at: Mapping[str, float]  #: ``reactor.seconds()`` of each guest's answer

    @property
    def skew(self) -> float:
        """Seconds between the first guest's answer and the last one's."""
        return max(self.at.values()) - min(self.at.values()) if self.at else 0.0


@implementer(IFreezer)
class Group:
    """
    Several guests that hold still together, so that ``while_frozen(group, work)`` does.

    :param reactor: tells the time, and starts the hook.
    :param ranks: the guests by name; each rank is frozen after the one before it.
    :param hook: a program that is run before, and after.
    """

    def __init__(
        self,
        reactor: Any,
        ranks: Sequence[Mapping[str, Holder]],
        hook: AnyHook | None = None,
    ) -> None:
        self._reactor = reactor
        self._ranks = [dict(rank) for rank in ranks]
        self._hook = hook
        self._names = [name for rank in self._ranks for name in rank]
        if len(set(self._names)) < len(self._names):
            raise ValueError("a guest is in a group once")
        self._is_hooked = False  #: the hook was run with freeze, and not yet with thaw
        self.report = Report({}, {})  #: of the last freeze

    def freeze(self) -> Deferred[int]:
        """
        Freeze all, or none.

        :return: fires with the number of filesystems altogether; fails with
            :class:`~txqga.errors.GroupFailed` or :class:`~txqga.errors.HookFailed`, when those that
            were frozen are thawed.
        """
        return Deferred.fromCoroutine(self._freeze())

    def resume(self, at: Mapping[str, float]) -> None:
        """
        All are frozen, and the hook was run, before the process was started anew.

        :param at: when each was, in ``reactor.seconds()``.
        """
        self._is_hooked = True
        self.report = Report({}, at)

    def thaw(self) -> Deferred[int]:
        """
        Thaw what was frozen.

        :return: as of :meth:`freeze`; fails where one of the guests did not stay frozen, when all
            are thawed and the hook was run.
        """
        return Deferred.fromCoroutine(self._thaw(list(reversed(self._ranks))))

    async def _freeze(self) -> int:
        self.report = Report({}, {})
        try:
            await self._run_hook("freeze")
            await self._each(self._names, self._ready)
            for rank in self._ranks:
                await self._each(rank, self._freeze_one)
        except BaseException:  # cancelled, too
            await self._undo()
            raise
        return sum(self.report.frozen.values())

    async def _undo(self) -> None:
        # why it could not be frozen is what counts; the thaw of each guest is looked
        # after. All at the same time: one that hangs is not to hold up the others.
        with suppress(GroupFailed, HookFailed):
            await self._thaw([self._names])

    async def _thaw(self, ranks: Iterable[Iterable[str]]) -> int:
        counts: dict[str, int] = {}
        failures: dict[str, Exception] = {}
        for rank in ranks:
            try:
                await self._each(rank, partial(self._thaw_one, counts))
            except GroupFailed as why:
                failures.update(why.failures)
        try:
            if self._is_hooked:
                await self._run_hook("thaw")
        finally:
            if failures:
                raise GroupFailed(failures)  # what counts more than a hook
        return sum(counts.values())

    async def _run_hook(self, word: str) -> None:
        self._is_hooked = word == "freeze"
        if self._hook is not None:
            await self._hook.run(self._reactor, word, self._names)

    async def _each(self, names: Iterable[str], do: Callable[[str], Deferred[None]]) -> None:
        """
        Do it for all at the same time, and wait for all.

        :raise GroupFailed: one of them has failed, or more.
        """
        names = list(names)
        asked = [maybeDeferred(do, name) for name in names]
        done: list[tuple[bool, Any]] = await DeferredList(asked, consumeErrors=True)
        failures = {
            name: result.value
            for name, (succeeded, result) in zip(names, done, strict=True)
            if not succeeded
        }
        if failures:
            raise GroupFailed(failures)

    def _ready(self, name: str) -> Deferred[None]:
        return self._holder(name).ready().addTimeout(PATIENCE, self._reactor)

    def _freeze_one(self, name: str) -> Deferred[None]:
        def frozen(count: int) -> None:
            at = {**self.report.at, name: self._reactor.seconds()}
            self.report = Report({**self.report.frozen, name: count}, at)

        return self._holder(name).freeze().addCallback(frozen)

    def _thaw_one(self, counts: dict[str, int], name: str) -> Deferred[None]:
        return self._holder(name).thaw().addCallback(partial(counts.__setitem__, name))

    def _holder(self, name: str) -> Holder:
        return next(rank[name] for rank in self._ranks if name in rank)
