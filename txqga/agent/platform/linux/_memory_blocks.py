"""
``/sys/devices/system/memory``: the blocks that memory is plugged in, and taken from. Facts 7.
"""

import errno
import os
import re

from txqga.agent._failing import failing
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._tree import Tree
from txqga.errors import CommandFailed
from txqga.wire import JSON

FOLDER = "/sys/devices/system/memory/"
_NAME = re.compile(r"memory(\d+)")
_HEXADECIMAL = re.compile(rb"[0-9a-fA-F]+")


def memory_blocks(tree: Tree) -> list[JSON]:
    """
    Return a list of ``GuestMemoryBlock``, in the order of the folder; empty without that folder.

    :raise CommandFailed: the kernel does not tell, or has the folder but no blocks.
    """
    with failing(f'Can\'t open directory"{FOLDER}"'):
        try:
            names = tree.names(FOLDER)
        except FileNotFoundError:
            return []
    blocks = [_block(tree, int(found[1])) for found in map(_NAME.match, names) if found]
    if not blocks:
        raise CommandFailed("guest reported zero memory blocks!")
    return blocks


def block_size(tree: Tree) -> int:
    """
    Return the size of every block, in octets.

    :raise CommandFailed: the kernel does not tell.
    """
    with failing(f'open("{FOLDER}")'):
        tree.names(FOLDER)
    content = _content(tree, "", "block_size_bytes")
    if content is None:
        raise CommandFailed('open sysfs file "block_size_bytes": No such file or directory')
    size = _HEXADECIMAL.match(content)
    return int(size[0], 16) if size else 0


def set_memory_block(tree: Tree, calls: Calls, number: int, *, online: bool) -> JSON:
    """
    Put a block of memory to use or take it from it, unless it is so already.

    :return: a ``GuestMemoryBlockResponse``; whatever goes wrong is told in it.
    """
    missing = "operation-not-supported"  # what it means when something is not there
    try:
        tree.names(FOLDER)
        missing = "not-found"
        tree.names(f"{FOLDER}memory{number}/")
        missing = "success" if online else "operation-not-supported"
        path = f"{FOLDER}memory{number}/state"
        if tree.read(path).startswith(b"online") != online:
            missing = "operation-failed"
            _write(tree, calls, path, b"online" if online else b"offline")
    except OSError as why:
        response = missing if why.errno == errno.ENOENT else "operation-failed"
        if response != "success":
            return {"phys-index": number, "response": response, "error-code": why.errno}
    return {"phys-index": number, "response": "success"}


def _write(tree: Tree, calls: Calls, path: str, octets: bytes) -> None:
    file = calls.open(tree.real(path), os.O_WRONLY | os.O_CLOEXEC)
    try:
        calls.pwrite(file, octets, 0)
    finally:
        os.close(file)


def _block(tree: Tree, number: int) -> JSON:
    folder = f"memory{number}/"
    state = _content(tree, folder, "state")
    if state is None:  # an old kernel: it can neither take nor give memory
        return {"phys-index": number, "online": True, "can-offline": False}
    removable = _content(tree, folder, "removable")
    return {
        "phys-index": number,
        "online": state.startswith(b"online"),
        "can-offline": removable is not None and not removable.startswith(b"0"),
    }


def _content(tree: Tree, folder: str, name: str) -> bytes | None:
    """Return what the file holds; None if there is none."""
    with failing(f'pread sysfs file "{name}"'):
        try:
            content = tree.read(f"{FOLDER}{folder}{name}")
        except FileNotFoundError:
            return None
    if not content:
        raise CommandFailed(f'pread sysfs file "{name}": unexpected EOF')
    return content
