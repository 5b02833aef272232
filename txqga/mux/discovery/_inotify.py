"""
The kernel's word that something in a folder has changed.

Twisted has a reader of its own, which is no use here: it closes itself, with all its watches, when
one watched folder is removed; it drops the word that events were lost; it forgets one of two names
of the same folder; and of a watch that cannot be had it does not say why.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

CREATE, DELETE, DELETE_SELF, MOVE_SELF = 0x100, 0x200, 0x400, 0x800
MOVED_FROM, MOVED_TO = 0x40, 0x80
UNMOUNT, OVERFLOW, IGNORED = 0x2000, 0x4000, 0x8000
_ONLYDIR = 0x01000000

#: What is watched for: names that come and go, and the folder's own going.
MASK = CREATE | DELETE | MOVED_FROM | MOVED_TO | DELETE_SELF | MOVE_SELF | _ONLYDIR

#: The folder is not what it was.
SELF = DELETE_SELF | MOVE_SELF | UNMOUNT | IGNORED

#: Octets taken at a time: hundreds of events, and then others have a turn of the reactor.
_PIECE = 16 << 10
_HEAD = struct.Struct("iIII")
_CLOEXEC_NONBLOCK = os.O_CLOEXEC | os.O_NONBLOCK

_libc = ctypes.CDLL(None, use_errno=True)


@implementer(IReadDescriptor)
class Inotify:
    """
    Watches folders; what happens in them is told by the number of the watch.

    :param reactor: provides ``IReactorFDSet``.
    :param told: is called with a watch, what happened (one of the masks) and the name it happened
        to, empty where it was the folder; the watch is -1 where events were lost.
    :raise OSError: this user has too many already (``fs.inotify.max_user_instances``).
    """

    def __init__(self, reactor: Any, told: Callable[[int, int, str], object]) -> None:
        self._told = told
        self._reactor = reactor
        self._descriptor = _checked(_libc.inotify_init1(_CLOEXEC_NONBLOCK))
        reactor.addReader(self)

    def watch(self, folder: str) -> int:
        """
        Watch a folder.

        :return: the number of the watch; the same for each of a folder's names.
        :raise OSError: it is no folder, or there are too many watches (``ENOSPC``).
        """
        path = ctypes.c_char_p(os.fsencode(folder))
        return _checked(_libc.inotify_add_watch(self._descriptor, path, ctypes.c_uint32(MASK)))

    def forget(self, watch: int) -> None:
        """Watch a folder no more; the kernel may have forgotten it already."""
        _libc.inotify_rm_watch(self._descriptor, watch)

    def close(self) -> None:
        """Forget all."""
        if self._descriptor >= 0:
            self._reactor.removeReader(self)
            os.close(self._descriptor)
            self._descriptor = -1

    # -- what the reactor asks for

    def fileno(self) -> int:
        """Return the descriptor; -1 when closed."""
        return self._descriptor

    def doRead(self) -> None:
        """Tell what has happened."""
        try:
            octets = os.read(self._descriptor, _PIECE)
        except BlockingIOError:
            return
        pos = 0
        while pos < len(octets) and self._descriptor >= 0:
            watch, mask, _, length = _HEAD.unpack_from(octets, pos)
            pos += _HEAD.size + length
            name = octets[pos - length : pos].rstrip(b"\0")
            self._told(watch, mask, os.fsdecode(name))

    def connectionLost(self, reason: Failure) -> None:
        """The reactor has given the descriptor up."""
        self.close()

    def logPrefix(self) -> str:
        """Say who this is, in the log."""
        return "inotify"


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def advice(why: OSError) -> str:
    """Say what can be done where there is no watch to be had."""
    if why.errno == errno.ENOSPC:
        return "too many folders are watched: raise the sysctl fs.inotify.max_user_watches"
    if why.errno == errno.EMFILE:
        return "too many programs watch folders: raise the sysctl fs.inotify.max_user_instances"
    if why.errno == errno.EACCES:
        return "permission denied: this user may not list a folder on the way to the sockets"
    return str(why.strerror)
