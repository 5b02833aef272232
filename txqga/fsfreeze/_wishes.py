"""What somebody wants of a guest's filesystems, and where the answer goes."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from attrs import field, frozen
from twisted.internet.defer import Deferred

from txqga.fsfreeze._lease import Lease, Standing
from txqga.wire import JSON

FREEZE = "guest-fsfreeze-freeze"
FREEZE_LIST = "guest-fsfreeze-freeze-list"
THAW = "guest-fsfreeze-thaw"
STATUS = "guest-fsfreeze-status"
LEASE = "txqga-freeze-lease"

#: Asks the agent; fails as :meth:`txqga.session.Session.call` does. Cancelling takes back what
#: was not written.
Ask: TypeAlias = Callable[[str, Mapping[str, JSON]], Deferred[JSON]]

#: Sends a command that is ready to be sent; fails likewise.
Send: TypeAlias = Callable[[], Deferred[JSON]]


@frozen(kw_only=True, eq=False)
class Freeze:
    """Somebody wants it frozen."""

    owner: str  #: who, for people
    seconds: float  #: how long, from the moment in which it is sent
    send: Send
    mountpoints: tuple[str, ...] | None = None  #: what, for people; None: all there is
    group: tuple[str, int] | None = None  #: that it is frozen with, and the rank in it
    begun: Callable[[Lease], object] = lambda lease: None  #: told its lease; not if it is refused
    answer: "Deferred[JSON]" = field(factory=Deferred)


@frozen(eq=False)
class Thaw:
    """Somebody wants it thawed."""

    send: Send
    answer: "Deferred[JSON]" = field(factory=Deferred)


@frozen(eq=False)
class Renewal:
    """Somebody wants it to stay frozen."""

    seconds: float  #: how long, from now
    answer: "Deferred[float]" = field(factory=Deferred)  #: seconds that are left now


class Wishes(Protocol):
    """What is said to the lifecycle from outside."""

    def recover(self, standing: Standing) -> None:
        """So it stood when the last process ended."""

    def freeze(self, wish: Freeze) -> None:
        """Somebody wants it frozen, and the agent is free."""

    def thaw(self, wish: Thaw) -> None:
        """Somebody wants it thawed, and the agent is free."""

    def renew(self, renewal: Renewal) -> None:
        """Somebody wants it to stay frozen."""

    def release(self, why: str) -> None:
        """It must not stay frozen, whatever its lease says."""

    def found(self, frozen: bool) -> None:
        """The guest has said whether it is frozen, on this connection."""

    def ready(self) -> None:
        """The agent can be asked again."""

    def stop(self) -> None:
        """Do nothing more: what is written down is for the next process."""
