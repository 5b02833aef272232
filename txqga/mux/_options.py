"""What can be chosen about a mux, and about each of its guests."""

from attrs import field, frozen

from txqga.mux._guest import GuestOptions
from txqga.mux._inventory import VM
from txqga.session import SessionOptions


@frozen(kw_only=True)
class MuxOptions:
    """What can be chosen about a mux; the defaults are those of the daemon."""

    by_user: bool = False  #: handles belong to the user who connects, not to the connection
    guest: GuestOptions = field(factory=GuestOptions)
    session: SessionOptions = field(factory=SessionOptions)


@frozen
class Entry:
    """A guest, and how it is served: while this stays equal, its session is kept."""

    vm: VM
    options: MuxOptions
