"""``/sys/devices/system/memory``: the blocks that memory is plugged in. Facts 7."""

import re

from txqga.agent._failing import failing
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
