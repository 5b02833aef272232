"""The freeze of a guest, as the agent in it sees it."""

from collections.abc import Sequence

from twisted.internet.defer import Deferred

from txqga.fsfreeze._gate import FROZEN, LAPSED, Machine
from txqga.fsfreeze._hold import Hold, Timing
from txqga.fsfreeze._steps import Lapsed, Span, Steps
from txqga.fsfreeze._under_way import Core


class GuestFreeze:
    """
    Holds the guest's filesystems still, never for longer than it may.

    :param found: what an earlier agent left behind: filesystems that are frozen, or a freeze that
        lapsed and nobody was told of.
    """

    def __init__(self, steps: Steps, timing: Timing, found: Span | Lapsed | None = None) -> None:
        self._core = Core(steps=steps, timing=timing)
        if isinstance(found, Span):
            hold = Hold(timing, found)
            self._machine = Machine(self._core, FROZEN, lambda inputs, core: hold)
            hold.watch(self._machine._look)
        elif isinstance(found, Lapsed):
            self._machine = Machine(self._core, LAPSED, lambda inputs, core: found)
        else:
            self._machine = Machine(self._core)

    def freeze(self, folders: Sequence[str] | None = None) -> Deferred[int]:
        """
        Hold filesystems still.

        :param folders: where they are mounted; None: everywhere.
        :return: how many are held; a failure, or none: all is as before.
        """
        reply: Deferred[int] = Deferred()
        self._machine.freeze(folders, reply)
        return reply

    def thaw(self) -> Deferred[int]:
        """
        Let everything go, whoever froze it.

        :return: how many filesystems were frozen. It fails if some still are, if the hook failed,
            and once after the time was up.
        """
        reply: Deferred[int] = Deferred()
        self._machine.thaw(reply)
        return reply

    def renew(self, seconds: int | None = None) -> Deferred[int | None]:
        """
        Let the freeze last longer, or less long.

        :param seconds: from now on, but for the limit; None: as long as it would.
        :return: how many are left; None: there is no limit. It fails if nothing is frozen.
        """
        reply: Deferred[int | None] = Deferred()
        self._machine.renew(seconds, reply)
        return reply

    def end(self) -> Deferred[None]:
        """
        Hold nothing any more, for good.

        :return: fires when all was let go that could be.
        """
        self._machine.end()
        return self._core.ended
