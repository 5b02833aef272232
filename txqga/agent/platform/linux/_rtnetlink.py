"""
Questions to the kernel about interfaces and addresses: rtnetlink, over a socket.

``getifaddrs`` of the C library asks the same. Python has no such function, and ``ctypes`` would
cost every guest more memory than these lines.
"""

import errno
import os
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

LINKS, ADDRESSES = 18, 22  #: RTM_GETLINK, RTM_GETADDR: kinds of requests

_HEADER = struct.Struct("=IHHII")  #: length, kind, flags, sequence, sender
_ATTRIBUTE = struct.Struct("=HH")  #: length, kind
_BODY = {LINKS: 16, ADDRESSES: 8}  #: octets of struct ifinfomsg, struct ifaddrmsg
_REQUEST, _DUMP = 0x1, 0x300
_INTERRUPTED = 0x10  #: the lists changed while they were told
_ERROR, _DONE = 2, 3
_LONGEST = 1 << 16  #: octets in one answer; the kernel makes them half as long at most
_ATTEMPTS = 8


class Socket(Protocol):
    """As much of a socket as a dump needs."""

    def send(self, data: bytes, /) -> int: ...
    def recv(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


def _connected() -> Socket:
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)


def dump(kind: int, connected: Callable[[], Socket] = _connected) -> bytes:
    """
    Return everything of a kind, as messages for :func:`messages`.

    A list that changed while it was told is asked for again, a few times.

    :raise OSError: the kernel does not tell.
    """
    netlink = connected()
    try:
        for _ in range(_ATTEMPTS):
            octets, interrupted = _ask(netlink, kind)
            if not interrupted:
                break
        return octets
    finally:
        netlink.close()


def _ask(netlink: Socket, kind: int) -> tuple[bytes, bool]:
    length = _HEADER.size + _BODY[kind]
    netlink.send(_HEADER.pack(length, kind, _REQUEST | _DUMP, 1, 0) + bytes(_BODY[kind]))
    whole = bytearray()
    interrupted = False
    while True:
        octets = netlink.recv(_LONGEST)
        if not octets:
            raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))
        for kind, flags, message in _split(octets):
            interrupted = interrupted or bool(flags & _INTERRUPTED)
            if kind == _ERROR:
                (number,) = struct.unpack_from("=i", message, _HEADER.size)
                raise OSError(-number, os.strerror(-number))
            if kind == _DONE:
                return bytes(whole), interrupted
            whole += message


def messages(octets: bytes, fixed: int) -> Iterator[tuple[bytes, Mapping[int, bytes]]]:
    """
    Yield each message as its fixed part and its attributes.

    :param fixed: octets in the fixed part.
    """
    for _, _, message in _split(octets):
        body = message[_HEADER.size :]
        yield body[:fixed], dict(_attributes(body[fixed:]))


def _split(octets: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(octets):
        length, kind, flags, _, _ = _HEADER.unpack_from(octets, at)
        after = at + max(_aligned(length), _HEADER.size)
        yield kind, flags, octets[at:after]
        at = after


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(octets):
        length, kind = _ATTRIBUTE.unpack_from(octets, at)
        yield kind, octets[at + _ATTRIBUTE.size : at + length]
        at += max(_aligned(length), _ATTRIBUTE.size)


def _aligned(length: int) -> int:
    return length + 3 & ~3
