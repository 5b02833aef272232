"""
Who else is connected to a UNIX socket.

QEMU serves one connection of a channel, and takes others that it does not serve. Which process has
them, the kernel tells: its diagnosis of sockets says who is connected to whom, and the processes'
open files who has which.
"""

import os
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from attrs import frozen

_SOCK_DIAG, _BY_FAMILY, _REQUEST_DUMP, _DONE = 4, 20, 0x301, 3
_HEADER = struct.Struct("=IHHII")  #: length, kind, flags, sequence, sender
#: family, protocol, (padding), states, inode, what to show, cookie
_QUESTION = struct.Struct("=BBHIIIII")
_ANSWER = struct.Struct("=BBBBIII")  #: family, type, state, (padding), inode, cookie
_ATTRIBUTE = struct.Struct("=HH")  #: length, kind
_NAME, _PEER = 0, 2
_SHOW_NAME, _SHOW_PEER = 1, 4
_LONGEST = 1 << 18  #: octets of one answer


@frozen
class Holder:
    """A process that has a connection."""

    pid: int
    program: str  #: its name, as the kernel has it: 15 octets at most


@frozen
class Connected:
    """One connected UNIX socket."""

    inode: int
    peer: int  #: inode of the socket at the other end
    path: bytes  #: empty: it has none


def holders(path: Path, own: int | None = None, proc: Path = Path("/proc")) -> list[Holder]:
    """
    Find the processes that are connected to the socket at ``path``, or wait to be.

    As far as we may see: without root's rights, others' open files are hidden.

    :param own: a process that does not count: this one.
    :raise OSError: the kernel does not tell.
    """
    wanted = os.fsencode(path)
    inodes = {each.peer for each in connected(_dump()) if each.path == wanted}
    skipped = os.getpid() if own is None else own
    return [each for each in _having(inodes, proc) if each.pid != skipped] if inodes else []


def connected(octets: bytes) -> Iterator[Connected]:
    """Read the kernel's answer."""
    start = 0
    while start + _HEADER.size <= len(octets):
        length, kind, *_ = _HEADER.unpack_from(octets, start)
        if kind == _BY_FAMILY:
            yield _socket(octets[start + _HEADER.size : start + length])
        start += max(_HEADER.size, (length + 3) & ~3)


def _socket(body: bytes) -> Connected:
    inode = _ANSWER.unpack_from(body)[4]
    path, peer, start = b"", 0, _ANSWER.size
    while start + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, start)
        value = body[start + _ATTRIBUTE.size : start + length]
        if kind == _NAME:
            path = value.rstrip(b"\0")
        elif kind == _PEER and len(value) == 4:
            peer = int(struct.unpack("=I", value)[0])
        start += max(_ATTRIBUTE.size, (length + 3) & ~3)
    return Connected(inode, peer, path)


def _dump() -> bytes:
    question = _QUESTION.pack(socket.AF_UNIX, 0, 0, 0xFFFFFFFF, 0, _SHOW_NAME | _SHOW_PEER, 0, 0)
    length = _HEADER.size + len(question)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _SOCK_DIAG) as ask:
        ask.settimeout(5.0)
        ask.send(_HEADER.pack(length, _BY_FAMILY, _REQUEST_DUMP, 1, 0) + question)
        pieces = []
        while True:
            piece = ask.recv(_LONGEST)
            pieces.append(piece)
            if len(piece) < _HEADER.size or _has_end(piece):
                return b"".join(pieces)


def _has_end(piece: bytes) -> bool:
    start = 0
    while start + _HEADER.size <= len(piece):
        length, kind, *_ = _HEADER.unpack_from(piece, start)
        if kind != _BY_FAMILY:  # the end, or an error
            return True
        start += max(_HEADER.size, (length + 3) & ~3)
    return False


def _having(inodes: set[int], proc: Path) -> Iterator[Holder]:
    """Yield each process that has one of these sockets open."""
    names = {f"socket:[{inode}]" for inode in inodes}
    for folder in sorted(proc.iterdir(), key=lambda path: path.name.zfill(12)):
        if folder.name.isdigit() and _has_open(folder, names):
            with suppress(OSError):
                program = (folder / "comm").read_text(errors="replace").rstrip("\n")
                yield Holder(int(folder.name), re.sub(r"[^ -~]", "?", program))


def _has_open(folder: Path, names: set[str]) -> bool:
    try:
        entries = list((folder / "fd").iterdir())
    except OSError:  # it has ended, or is another user's
        return False
    for entry in entries:
        with suppress(OSError):
            if os.readlink(entry) in names:  # noqa: PTH115 - the text of the link, not a path
                return True
    return False
