"""Addresses and sockets of AF_VSOCK, the network between a host and its guests."""

import re
import socket

ANY_CID = 0xFFFFFFFF  #: to listen as whatever the host calls this guest

#: Clients that may wait for the one that is served; one that connects without blocking is
#: refused when the queue is full.
_QUEUE = 64

_LARGEST = 0xFFFFFFFF
_HALVES = re.compile("([^:]{1,32}):([^,]{1,32})")


def parse_vsock(text: str) -> tuple[int, int]:
    """
    Return the context identifier and the port in ``CID:PORT``, both of 32 bits.

    :raise ValueError: it is no such address; with what qemu-ga says of it.
    """
    halves = _HALVES.match(text)
    if halves is None:
        raise ValueError(f"error parsing address '{text}'")
    if halves.end() != len(text):
        raise ValueError(f"trailing characters in address '{text}'")
    cid, port = _number("cid", halves[1]), _number("port", halves[2])
    return cid, port


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _LARGEST):
        raise ValueError(f"Failed to parse {name} '{text}'")
    return int(text)


def listening_vsock(cid: int, port: int, queue: int = _QUEUE) -> socket.socket:
    """
    Return a socket that listens on ``port``, and does not block.

    :param cid: our own, or :data:`ANY_CID`.
    :param queue: how many clients may wait.
    :raise OSError: it cannot, or the kernel has no such sockets.
    """
    listening = _vsock()
    try:
        listening.bind((cid, port))
        listening.listen(queue)
    except OSError:
        listening.close()
        raise
    return listening


def connecting_vsock(cid: int, port: int) -> socket.socket:
    """
    Return a socket that does not block, and that is connected or failed when it can be written to.

    The kernel itself gives up after two seconds.

    :raise OSError: it failed at once, or the kernel has no such sockets.
    """
    connecting = _vsock()
    try:
        connecting.connect((cid, port))
    except BlockingIOError:
        pass
    except OSError:
        connecting.close()
        raise
    return connecting


def _vsock() -> socket.socket:
    return socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
