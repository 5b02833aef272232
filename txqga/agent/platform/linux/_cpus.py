"""``/sys/devices/system/cpu``: which processors there are. Facts 7."""

import re
from collections.abc import Iterator

from txqga.agent._failing import failing
from txqga.agent.platform.linux._tree import Tree
from txqga.errors import CommandFailed
from txqga.wire import JSON

FOLDER = "/sys/devices/system/cpu"
_NAME = re.compile(r"cpu(\d+)")


def cpus(tree: Tree) -> Iterator[JSON]:
    """
    Yield a ``GuestLogicalProcessor`` each, in the order of the folder.

    :raise CommandFailed: the kernel does not tell.
    """
    with failing(f"failed to list entries: {FOLDER}"):
        names = tree.names(FOLDER)
    for name in names:
        if found := _NAME.match(name):
            yield _cpu(tree, int(found[1]))


def _cpu(tree: Tree, number: int) -> JSON:
    folder = f"{FOLDER}/cpu{number}/"
    with failing(f'open("{folder}/online")'):
        try:
            state = tree.read(f"{folder}online")
        except FileNotFoundError:  # the kernel cannot do without this one
            with failing(f"Could not open '{folder}'"):
                tree.names(folder)
            return {"logical-id": number, "online": True, "can-offline": False}
    if not state:
        raise CommandFailed(f'pread("{folder}/online"): unexpected EOF')
    return {"logical-id": number, "online": not state.startswith(b"0"), "can-offline": True}
