"""
Everything thawed: what we hold, and what others froze.

Thawing writes to a disk, and one that does not answer must hold up nothing but itself. So where a
thread makes no progress, another one goes on with what is left; and who waits is told in the end.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.agent._failing import failing
from txqga.agent.platform import Mounted, Platform
from txqga.errors import CommandFailed

LOOK = 5.0  #: seconds after which a thread without progress gets company
LOOKS = 6  #: without progress, until who waits is told

#: Does work in a thread of its own; fires in the reactor's thread.
InThread: TypeAlias = Callable[[Callable[[], None]], Deferred[None]]


@frozen(eq=False)
class _Step:
    """One thing to do, in a thread."""

    name: str
    run: Callable[[], None]


class Thaw:
    """
    A thaw under way.

    :param held: what we hold: each with what :meth:`Platform.thaw` takes, the first frozen first.
    :param but: a device that is being frozen, where a thaw would wait for that.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        in_thread: InThread,
        platform: Platform,
        held: Sequence[tuple[Mounted, int]],
        but: str | None = None,
    ) -> None:
        self._clock = clock
        self._in_thread = in_thread
        self._platform = platform
        self._but = but
        self._lock = threading.Lock()
        self._todo = deque(
            _Step(mount.folder, partial(self._let_go, mount, number))
            for mount, number in reversed(held)
        )
        self._todo.append(_Step("the list of mounts", self._look_for_more))
        self._held_some = bool(held)
        self._busy: list[_Step] = []
        self._done = 0
        self._thawed: set[str] = set()  # devices
        self._failure: CommandFailed | None = None
        self._waiting: list[Deferred[int]] = []
        self.over = False  #: there is nothing left to thaw
        self._add_thread()

    def wait(self) -> Deferred[int]:
        """
        Wait until there is nothing left to thaw.

        :return: how many filesystems were frozen. It fails with :class:`CommandFailed` if it cannot
            be told what there is, if one stays frozen, or when something does not answer; the
            threads are still at it then, and one may wait again.
        """
        done: Deferred[int] = Deferred()
        self._waiting.append(done)
        if len(self._waiting) == 1:
            self._watch(self._done, LOOKS)
        self._tell_if_over()
        return done

    def _watch(self, done: int, looks: int) -> None:
        self._clock.callLater(LOOK, self._look, done, looks)

    def _look(self, done: int, looks: int) -> None:
        if not self._waiting:
            return
        if done != self._done:
            looks = LOOKS
        elif looks:
            looks -= 1
            if self._todo:
                self._add_thread()
        else:
            with self._lock:
                names = ", ".join(step.name for step in self._busy)
            self._tell(Failure(CommandFailed(f"failed to thaw: no answer yet from {names}")))
            return
        self._watch(self._done, looks)

    def _add_thread(self) -> None:
        self._in_thread(self._work).addCallback(lambda _: self._tell_if_over())

    def _tell_if_over(self) -> None:
        if self.over:
            self._tell(len(self._thawed) if self._failure is None else Failure(self._failure))

    def _tell(self, outcome: int | Failure) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if isinstance(outcome, Failure):
                each.errback(outcome)
            else:
                each.callback(outcome)

    # In a thread.

    def _work(self) -> None:
        while (step := self._next()) is not None:
            try:
                step.run()
            except CommandFailed as why:
                self._failure = self._failure or why
            except Exception:  # a fault of ours: the rest is thawed all the same
                self._log.failure("a step of a thaw failed")
            finally:
                with self._lock:
                    self._busy.remove(step)
                    self._done += 1
                    self.over = not (self._todo or self._busy)

    def _next(self) -> _Step | None:
        with self._lock:
            if not self._todo:
                return None
            step = self._todo.popleft()
            self._busy.append(step)
            return step

    def _let_go(self, mount: Mounted, number: int) -> None:
        with failing(f"failed to thaw {mount.folder}"):
            if self._platform.thaw(number):
                self._thawed.add(mount.device)

    def _look_for_more(self) -> None:
        try:
            mounts = self._platform.mounted()
        except CommandFailed:
            if self._held_some:  # which is let go without the list
                return
            raise
        steps = [
            _Step(mount.folder, partial(self._thaw_at, mount))
            for mount in mounts
            if mount.device != self._but
        ]
        with self._lock:
            self._todo.extend(steps)

    def _thaw_at(self, mount: Mounted) -> None:
        with failing(f"failed to thaw {mount.folder}"):
            if self._platform.thaw_at(mount):
                self._thawed.add(mount.device)
