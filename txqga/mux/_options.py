"""What can be chosen about a mux, and about each of its guests."""

from attrs import evolve, field, frozen

from txqga.mux._guest_options import GuestOptions
from txqga.mux._inventory import VM
from txqga.session import SessionOptions


@frozen(kw_only=True)
class Sockets:
    """Who may connect to the guests' sockets at all; what they may then is for the policy."""

    mode: int = 0o600
    group: int | None = None  #: the number of theirs; None: our own

    @property
    def folder_mode(self) -> int:
        """The mode of a folder in which they can be reached, and whose names are nobody else's."""
        return 0o711 if self.mode & 0o066 else 0o700


@frozen(kw_only=True)
class MuxOptions:
    """What can be chosen about a mux; the defaults are those of the daemon."""

    by_user: bool = False  #: handles belong to the user who connects, not to the connection
    sockets: Sockets = field(factory=Sockets)
    guest: GuestOptions = field(factory=GuestOptions)
    session: SessionOptions = field(factory=SessionOptions)


@frozen
class Entry:
    """A guest, and how it is served."""

    vm: VM
    options: MuxOptions

    def becomes(self, other: "Entry") -> bool:
        """
        Tell whether its service can take the ``other``'s options, and keep its session and clients.

        To whom handles belong may change, deadlines of commands, and terms of freezes.
        """
        ours, theirs = self.options, other.options
        guest = evolve(ours.guest, caps=theirs.guest.caps, terms=theirs.guest.terms)
        changed = evolve(ours, by_user=theirs.by_user, guest=guest)
        return self.vm == other.vm and changed == theirs
