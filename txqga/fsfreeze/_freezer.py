"""One holder of a guest that holds still."""

from collections.abc import Callable, Mapping
from typing import Protocol

from twisted.internet.defer import Deferred, succeed
from zope.interface import implementer

from txqga.errors import DidNotHold
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._lease import Lease, Stage, Standing
from txqga.fsfreeze._wishes import FREEZE, FREEZE_LIST, THAW, Send
from txqga.interfaces import IFreezer
from txqga.wire import JSON


class Run(Protocol):
    """Brings a command to the agent."""

    def __call__(
        self,
        command: str,
        arguments: Mapping[str, JSON],
        through: Callable[[Send], Deferred[JSON]],
    ) -> Deferred[JSON]:
        """
        Call ``through`` when the agent is free, with what sends the command.

        :return: what became of ``through``; fails where the turn never comes.
        """


@implementer(IFreezer)
class Freezer:
    """
    One holder of a guest that holds still.

    :param run: brings a command to the guest's agent.
    :param owner: who holds it, for people.
    :param seconds: how long it may be frozen at a time; None: as the terms say.
    :param mountpoints: what to freeze; None: all there is.
    :param group: the id of the group that it is frozen with, and the rank in it.
    """

    def __init__(
        self,
        freezes: Freezes,
        run: Run,
        owner: str,
        *,
        seconds: float | None = None,
        mountpoints: list[str] | None = None,
        group: tuple[str, int] | None = None,
    ) -> None:
        self._freezes = freezes
        self._run = run
        self._owner = owner
        self._seconds = seconds
        self._mountpoints = mountpoints
        self._group = group
        self._lease: Lease | None = None  #: the one of our last freeze
        self._held = False  #: it was answered, and nothing was thawed for us since

    @property
    def standing(self) -> Standing:
        """How the guest stands."""
        return self._freezes.standing

    @property
    def holds(self) -> bool:
        """Whether the guest is frozen now, and for this holder."""
        return self._is_ours and self.standing.stage is Stage.FROZEN

    def freeze(self) -> Deferred[int]:
        """Freeze; see :class:`~txqga.interfaces.IFreezer`."""
        self._lease, self._held = None, False
        if self._mountpoints is None:
            frozen = self._run(FREEZE, {}, self._freeze)
        else:
            frozen = self._run(FREEZE_LIST, {"mountpoints": [*self._mountpoints]}, self._freeze)
        return frozen.addCallback(self._frozen)

    def resume(self) -> None:
        """What is frozen is this holder's: it was so before the process was started anew."""
        self._lease, self._held = self.standing.lease, True

    def thaw(self) -> Deferred[int]:
        """Thaw what was frozen; see :class:`~txqga.interfaces.IFreezer`."""
        too_late = self._held and not self.holds
        self._held = False
        if not self._is_ours or self.standing.stage is Stage.THAWED:
            thawed = succeed(0)
        else:
            thawed = self._run(THAW, {}, self._freezes.thaw).addCallback(count)
        return thawed.addCallback(self._too_late) if too_late else thawed

    def ready(self) -> Deferred[None]:
        """Wait until the agent answers; fails where it does not."""
        return self._run("guest-ping", {}, lambda send: send()).addCallback(lambda _: None)

    def renew(self) -> Deferred[float]:
        """Begin the lease anew; fires with its length in seconds."""
        return self._freezes.renew(self._seconds)

    @property
    def _is_ours(self) -> bool:
        return self._lease is not None and self.standing.lease.since == self._lease.since

    def _frozen(self, value: JSON) -> int:
        filesystems = count(value)
        self._held = filesystems > 0  # else it was thawed again at once
        return filesystems

    def _too_late(self, count: int) -> int:
        raise DidNotHold(f"somebody else has thawed what {self._owner} froze", THAW)

    def _freeze(self, send: Send) -> Deferred[JSON]:
        # told, not looked up: behind a thaw that has just ended it begins a moment later
        return self._freezes.freeze(
            self._owner, send, self._seconds, self._mountpoints, self._group, self._begun
        )

    def _begun(self, lease: Lease) -> None:
        self._lease = lease


def count(value: JSON) -> int:
    """Read how many filesystems there were, from a guest that may say anything."""
    return value if type(value) is int else 0
