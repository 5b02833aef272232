"""
A socket that systemd opened for this process, and handed over: see sd_listen_fds(3).

It comes as descriptor 3, and wins over the method and path that were told.
"""

import os
import socket
from collections.abc import Callable, MutableMapping

from txqga.agent._start import StartFailed

_FIRST = 3  #: the first descriptor handed over

_METHODS = {"AF_UNIX": "unix-listen", "AF_VSOCK": "vsock-listen"}


def inherited_socket() -> socket.socket:
    """
    Return the socket that was handed over.

    :raise OSError: there is none.
    """
    handed = socket.socket(fileno=_FIRST)
    handed.set_inheritable(False)
    handed.setblocking(False)
    return handed


def inherited_family() -> int:
    """
    Return the address family of the socket that was handed over.

    :raise OSError: there is none.
    """
    with socket.socket(fileno=os.dup(_FIRST)) as handed:
        return handed.family


def inherited_method(
    environ: MutableMapping[str, str],
    family: Callable[[], int] = inherited_family,
    pid: int | None = None,
) -> str | None:
    """
    Return the method that goes with the socket that was handed over, None if none was.

    The variables that tell of it are removed: no program started later is to take them for its
    own. What was meant for another process is none, and left alone.

    :param family: returns the socket's address family.
    :param pid: of this process.
    :raise StartFailed: there are several, or it is of another kind.
    """
    if environ.get("LISTEN_PID") != str(os.getpid() if pid is None else pid):
        return None
    count = environ.get("LISTEN_FDS", "")
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        environ.pop(name, None)
    if not (count.isascii() and count.isdigit() and int(count)):
        return None
    if int(count) > 1:
        raise StartFailed("qemu-ga only supports listening on one socket")
    try:
        return _METHODS[socket.AddressFamily(family()).name]
    except (OSError, KeyError, ValueError):
        raise StartFailed("unsupported listen fd type") from None
