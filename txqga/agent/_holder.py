"""
Filesystems frozen and let go, in threads: each of those calls may wait for a disk, for ever.

Whoever freezes can be given up: then what was frozen is let go while a disk that does not answer
is still being waited for, and should that end well some day, it is let go too.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from attrs import define
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads, IReactorTime
from twisted.python.failure import Failure

from txqga.agent._thaw import Thaw
from txqga.agent._worker import Worker, start_thread
from txqga.agent.platform import Mounted, Platform
from txqga.errors import CommandFailed

T = TypeVar("T")


class IReactorForHolder(IReactorTime, IReactorFromThreads):
    """What a :class:`Holder` asks of the reactor."""


@define(eq=False)
class _Attempt:
    """A freeze under way."""

    done: Deferred[int]
    over: bool = False  #: it has ended, or was given up
    at: Mounted | None = None  #: the filesystem that is being frozen


class Holder:
    """
    Holds filesystems still.

    :param start: starts a thread.
    """

    def __init__(
        self,
        reactor: IReactorForHolder,
        platform: Platform,
        start: Callable[[Callable[[], object]], object] = start_thread,
    ) -> None:
        self._reactor = reactor
        self._platform = platform
        self._start = start
        self._lock = threading.Lock()
        self._held: list[tuple[Mounted, int]] = []
        self._attempt: _Attempt | None = None
        self._thaw: Thaw | None = None

    def in_thread(self, work: Callable[[], T]) -> Deferred[T]:
        """Do ``work`` in a thread of its own, so that nothing else waits for it."""
        worker = Worker(self._reactor, self._start)
        done = worker.run(work)
        worker.close()
        return done

    def choose(self, folders: Sequence[str] | None) -> Deferred[list[Mounted]]:
        """
        Return what there is to hold, those first that others lie on.

        :param folders: where they are mounted, exactly; None: everywhere.
        :return: fails with :class:`CommandFailed` if that cannot be told, or if an earlier freeze,
            or thaw, still waits for a disk.
        """
        return self.in_thread(partial(self._choose, folders))

    def hold(self, chosen: Sequence[Mounted]) -> Deferred[int]:
        """
        Freeze them, the last one first.

        :return: how many that are. A failure leaves frozen what was.
        """
        attempt = self._attempt = _Attempt(Deferred())
        self.in_thread(partial(self._freeze, attempt, chosen)).addCallbacks(
            partial(self._ended, attempt), partial(self._failed, attempt)
        )
        return attempt.done

    def give_up(self, why: CommandFailed) -> None:
        """Let the freeze under way fail, if there is one."""
        if self._attempt is not None:
            self._failed(self._attempt, Failure(why))

    def release(self) -> Deferred[int]:
        """Thaw what is held, the last one frozen first, then all else: :meth:`Thaw.wait`."""
        if self._thaw is None or self._thaw.over:
            with self._lock:
                held, self._held = self._held, []
                at = None if self._attempt is None else self._attempt.at
            but = None if at is None else at.device
            self._thaw = Thaw(self._reactor, self.in_thread, self._platform, held, but)
        return self._thaw.wait()

    def _ended(self, attempt: _Attempt, count: int) -> None:
        if not attempt.over:
            attempt.over = True
            attempt.done.callback(count)

    def _failed(self, attempt: _Attempt, why: Failure) -> None:
        with self._lock:
            over, attempt.over = attempt.over, True
        if not over:
            attempt.done.errback(why)

    # In a thread.

    def _choose(self, folders: Sequence[str] | None) -> list[Mounted]:
        at = None if self._attempt is None else self._attempt.at
        if at is not None:
            raise CommandFailed(f"failed to freeze {at.folder}: no answer yet to an earlier freeze")
        if self._thaw is not None and not self._thaw.over:
            # It would let go what is frozen now, or keep what comes next from being let go.
            raise CommandFailed("failed to freeze: no answer yet to an earlier thaw")
        found = self._platform.mounted()
        if folders is None:
            return list(found)
        wanted = frozenset(folders)
        return [each for each in found if each.folder in wanted]

    def _freeze(self, attempt: _Attempt, chosen: Sequence[Mounted]) -> int:
        count = 0
        try:
            for mount in reversed(chosen):
                with self._lock:
                    if attempt.over:
                        break
                    attempt.at = mount
                number = self._platform.freeze(mount)
                if number is not None:
                    count += 1
                    self._keep(attempt, mount, number)
        finally:
            attempt.at = None
        return count

    def _keep(self, attempt: _Attempt, mount: Mounted, number: int) -> None:
        with self._lock:
            if not attempt.over:
                self._held.append((mount, number))
                return
        self._platform.thaw(number)
