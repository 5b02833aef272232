"""Who is at the other end of a client's connection, and whether they are served."""

import os
import socket
import struct
from collections.abc import Hashable

from attrs import frozen
from twisted.internet.interfaces import ITransport

_UCRED = struct.Struct("3i")
_GID = struct.Struct("I")
_SO_PEERGROUPS = 59  #: Linux 4.13; not among Python's names
_MOST_GROUPS = 256  #: as many as Python has room for


@frozen(kw_only=True)
class Peer:
    """The process that connected, as the kernel saw it then."""

    pid: int
    uid: int
    gid: int
    groups: frozenset[int] = frozenset()  #: the further ones


def peer_of(connected: socket.socket) -> Peer:
    """Ask the kernel who is at the other end of a UNIX socket (``SO_PEERCRED``)."""
    octets = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    pid, uid, gid = _UCRED.unpack(octets)
    return Peer(pid=pid, uid=uid, gid=gid, groups=_groups_of(connected))


def _groups_of(connected: socket.socket) -> frozenset[int]:
    """Ask for the further groups; none where the kernel does not tell, or there are too many."""
    try:
        octets = connected.getsockopt(socket.SOL_SOCKET, _SO_PEERGROUPS, _MOST_GROUPS * _GID.size)
    except OSError:
        return frozenset()
    return frozenset(gid for (gid,) in _GID.iter_unpack(octets))


def peer(transport: ITransport) -> Peer:
    """Ask the kernel who connected; the transport is that of a UNIX socket."""
    return peer_of(transport.getHandle())  # type: ignore[attr-defined]


def refusal_of(peer: Peer, own_uid: int | None = None) -> str | None:
    """
    Say why this peer is not served; None if it is.

    :param own_uid: the daemon's; None: ask.
    """
    own = os.geteuid() if own_uid is None else own_uid
    if peer.uid in (0, own):
        return None
    served = "root" if own == 0 else f"root and uid {own}"
    return f"permission denied: this socket serves {served}, and you are uid {peer.uid}"


@frozen
class User:
    """A user of this host, who may come back over another connection."""

    uid: int


@frozen
class Bearer:
    """Who has a token or a certificate; by the name that it was given for."""

    name: str


@frozen(eq=False)
class Caller:
    """One client's connection, as a guest knows it; each is its own."""

    name: str  #: for the log
    user: User | Bearer | None = None  #: to whom handles belong; None: to the connection
    #: Whose rights it has; None: everybody's, for it is the program that the mux is part of.
    who: Peer | Bearer | None = None
    polls: bool = False  #: it can wait until nobody else wants anything, and is not written down

    @property
    def owner(self) -> Hashable:
        """To whom handles belong that this client makes."""
        return self if self.user is None else self.user

    @property
    def person(self) -> Hashable:
        """To whom what is detached belongs, on whatever connection."""
        match self.who:
            case Peer(uid=uid):
                return User(uid)
            case Bearer():
                return self.who
        return User(os.geteuid())


def masters() -> frozenset[Hashable]:
    """Name those who may use what nobody here has made."""
    return frozenset({User(0), User(os.geteuid())})
