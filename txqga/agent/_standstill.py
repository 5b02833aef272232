"""
A freeze, step by step: the hook, the list, the silence, the filesystems; and all of it undone.

:mod:`txqga.fsfreeze` decides what is done when. The order is qemu-ga's (facts 5.2 and 5.3).
"""

from collections.abc import Callable, Sequence
from functools import partial

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.agent._failing import failing
from txqga.agent._frozen_file import FrozenFile
from txqga.agent._holder import Holder, IReactorForHolder
from txqga.agent._hook import Hook
from txqga.errors import CommandFailed
from txqga.fsfreeze import Lapsed, Released, Span, Timing

PAUSE = 5.0  #: seconds until what does not answer is waited for again


class Standstill:
    """
    The steps of :class:`txqga.fsfreeze.GuestFreeze`.

    :param memory: what outlives the agent; None: nothing does.
    :param still: told that filesystems are about to be frozen, and that they were thawed: nothing
        may be written in between.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorForHolder,
        *,
        holder: Holder,
        hook: Hook,
        memory: FrozenFile | None,
        timing: Timing,
        still: Callable[[bool], None],
        shut: bool = False,
    ) -> None:
        self._reactor = reactor
        self._holder = holder
        self._hook = hook
        self._memory = memory
        self._timing = timing
        self._still = still
        self._given_up: CommandFailed | None = None
        self._for_good = False
        self._noting = False
        self._noted: Span | None = None
        self.shut = shut  #: filesystems are frozen, or about to be

    def freeze(self, folders: Sequence[str] | None, began: Callable[[Span], None]) -> Deferred[int]:
        self._given_up = None
        return Deferred.fromCoroutine(self._freeze(folders, began))

    async def _freeze(self, folders: Sequence[str] | None, began: Callable[[Span], None]) -> int:
        try:
            await self._holder.in_thread(self._hook.freeze)
            chosen = await self._holder.choose(folders)
            if self._given_up is not None:
                raise self._given_up
            span = self._timing.span()
            self._shut(span)
            began(span)
            count = await self._holder.hold(chosen)
        except Exception:  # whatever it was, nothing stays frozen
            await self._undo()
            raise
        if not count:
            await self._undo()
        return count

    async def _undo(self) -> None:
        while self.shut:
            try:
                await self._holder.release()
            except CommandFailed as why:
                self._log.critical("{why}", why=why.desc)
                if self._for_good:
                    return
                await self._pause()
            else:
                self._open(None)
        await self._thaw_hook(always=False)

    def give_up(self, why: CommandFailed, *, for_good: bool = False) -> None:
        self._given_up, self._for_good = why, for_good
        self._holder.give_up(why)

    def release(self, lapsed: Lapsed | None) -> Deferred[Released]:
        return Deferred.fromCoroutine(self._release(lapsed))

    async def _release(self, lapsed: Lapsed | None) -> Released:
        while True:
            try:
                count = await self._holder.release()
                break
            except CommandFailed as why:
                self._log.critical("{why}", why=why.desc)
                if lapsed is None:
                    raise
                await self._pause()
        self._open(lapsed)
        return Released(count, await self._thaw_hook(always=lapsed is None))

    def note(self, span: Span) -> None:
        """
        Write it down in a thread, which waits if the state directory is frozen.

        Only the last one counts, and at most one thread waits.
        """
        self._noted = span
        if self._memory is not None and not self._noting:
            self._noting = True
            memory = self._memory

            def write() -> None:
                while (span := self._noted) is not None:
                    self._noted = None
                    memory.frozen(span.since, span.until)

            def written(result: object) -> None:
                self._noting = False
                if isinstance(result, Failure):
                    self._complain(result.getErrorMessage())
                elif not self.shut:
                    self._remember(memory.thawed)

            self._holder.in_thread(write).addBoth(written)

    def forget(self) -> None:
        if self._memory is not None:
            self._remember(self._memory.told)

    def _shut(self, span: Span) -> None:
        if self._memory is not None:
            # An agent that is started anew would not know that there is something to thaw.
            with failing("failed to freeze: cannot write that down in the state directory"):
                self._memory.frozen(span.since, span.until)
        self._log.warn("disabling logging due to filesystem freeze")
        self.shut = True
        self._still(True)

    def _open(self, lapsed: Lapsed | None) -> None:
        if not self.shut:
            return
        if lapsed is not None:
            self._log.warn("thawed by itself after {seconds} s", seconds=lapsed.seconds)
            if self._memory is not None:
                self._remember(partial(self._memory.lapsed, lapsed.seconds))
        self.shut = False
        self._noted = None
        if self._memory is not None:
            self._remember(self._memory.thawed)
        self._still(False)
        self._log.warn("logging re-enabled due to filesystem unfreeze")

    async def _thaw_hook(self, *, always: bool) -> Failure | None:
        try:
            await self._holder.in_thread(partial(self._hook.thaw, always=always))
        except CommandFailed as why:
            self._log.error("{why}", why=why.desc)
            return Failure()
        except Exception:  # everything is thawed, and that is not undone by a fault of ours
            self._log.failure("the fsfreeze hook could not be run")
            return Failure()
        return None

    def _pause(self) -> Deferred[None]:
        return deferLater(self._reactor, PAUSE)

    def _remember(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as why:
            self._complain(why.strerror)

    def _complain(self, why: str | None) -> None:
        self._log.error("cannot write down whether filesystems are frozen: {why}", why=why)
