"""Whose a handle is."""

from collections.abc import Callable, Hashable

from attrs import define

from txqga.mux._callers import Bearer, User
from txqga.mux._handles import Handle, Kind


@define
class Holding:
    """That a handle is somebody's."""

    owner: Hashable
    used: float  #: when it was used last
    person: Hashable = None  #: to whom it belongs when it is detached, on whatever connection
    detached: bool = False  #: whether it is meant to outlive the owner
    calls: int = 0  #: commands on their way that use it


class Holdings:
    """
    Whose each handle is.

    An agent that was started anew may give out a number again: where its state folder is lost
    with the reboot, files begin at 1000 once more, and PIDs repeat anyway. Then the newest owner
    is the right one.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._held: dict[Handle, Holding] = {}
        self._of: dict[Hashable, dict[Handle, None]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def gain(self, handle: Handle, owner: Hashable, person: Hashable = None) -> None:
        """``handle`` is ``owner``'s from now on."""
        self.lose(handle)
        self._held[handle] = Holding(owner, self._seconds(), person)
        self._of.setdefault(owner, {})[handle] = None

    def lose(self, handle: Handle) -> None:
        """``handle`` is nobody's."""
        holding = self._held.pop(handle, None)
        if holding is not None:
            theirs = self._of[holding.owner]
            del theirs[handle]
            if not theirs:
                del self._of[holding.owner]

    def detach(self, handle: Handle) -> None:
        """``handle`` is meant to outlive its owner."""
        if handle in self._held:
            self._held[handle].detached = True

    def pass_on(self, handle: Handle) -> bool:
        """Give what is detached to the person who has had it; False if it is not."""
        holding = self._held[handle]
        if not holding.detached:
            return False
        self.gain(handle, holding.person, holding.person)
        self.detach(handle)
        return True

    def belongs(self, handle: Handle, owner: Hashable, person: Hashable) -> bool:
        """Whether ``handle`` is ``owner``'s, or detached and the ``person``'s."""
        holding = self._held.get(handle)
        if holding is None:
            return False
        return holding.owner == owner or (holding.detached and holding.person == person)

    def owner(self, handle: Handle) -> Hashable | None:
        """Name the owner; None if it is nobody's."""
        holding = self._held.get(handle)
        return None if holding is None else holding.owner

    def of(self, owner: Hashable) -> list[Handle]:
        """List what is ``owner``'s, in the order it was gained."""
        return list(self._of.get(owner, ()))

    def begin(self, handle: Handle) -> None:
        """A command that uses ``handle`` is on its way."""
        if handle in self._held:
            self._held[handle].calls += 1

    def end(self, handle: Handle) -> None:
        """A command that used ``handle`` is over."""
        holding = self._held.get(handle)
        if holding is not None:
            holding.calls = max(0, holding.calls - 1)  # it may be a new one of the same number
            holding.used = self._seconds()

    def touch(self, handle: Handle) -> None:
        """``handle`` is as good as used now."""
        if handle in self._held:
            self._held[handle].used = self._seconds()

    def idle(self, kind: Kind, seconds: float) -> list[Handle]:
        """List what a user holds and has not used for so long; a connection may take its time."""
        since = self._seconds() - seconds
        return [
            handle
            for handle, holding in self._held.items()
            if handle.kind is kind
            and isinstance(holding.owner, (User, Bearer))
            and not holding.calls
            and holding.used <= since
        ]
