"""
The socket of ``-m unix-listen``.

It is made before anything slow is imported: a client that comes early waits in the queue.
"""

import os
import socket
import stat
from pathlib import Path

from txqga.agent._start import NO_CHANNEL, ChannelFailed, StartFailed

LONGEST = 107  #: octets of a path that the kernel takes, the final NUL not counted

#: Clients that may wait for the one that is served. qemu-ga has 1; but a client that connects
#: without blocking is refused when the queue is full.
QUEUE = 64


def listening_socket(path: str) -> socket.socket:
    """
    Return a socket that listens at ``path``, with the mode that the umask leaves.

    A socket that is there already is replaced, in use or not, as qemu-ga does. Nothing else is:
    a path mistyped must not cost a file.

    :raise StartFailed: it cannot be.
    """
    if len(os.fsencode(path)) > LONGEST:
        raise StartFailed(f"UNIX socket path '{path}' is too long", NO_CHANNEL)
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise ChannelFailed(f"Failed to bind socket to {path}: File exists and is no socket")
        Path(path).unlink()
    except FileNotFoundError:
        pass
    except OSError as why:
        raise ChannelFailed(f"Failed to unlink socket {path}: {why.strerror}") from None
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        listening.bind(path)
        listening.listen(QUEUE)
    except OSError as why:
        listening.close()
        raise ChannelFailed(f"Failed to bind socket to {path}: {why.strerror}") from None
    return listening
