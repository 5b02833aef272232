"""``/sys/devices/system/cpu``: which processors there are, and may not be used. Facts 7."""

import os
import re
from collections.abc import Iterator

from txqga.agent._failing import failing
from txqga.agent.platform.linux._calls import Calls
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


def set_cpu(tree: Tree, calls: Calls, number: int, *, online: bool) -> None:
    """
    Switch a processor on or off, unless it is so already.

    :raise CommandFailed: that cannot be done.
    """
    folder = f"{FOLDER}/cpu{number}/"
    with failing(f'open("{folder}/online")'):
        try:
            file = calls.open(tree.real(f"{folder}online"), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:  # the kernel cannot do without this one, or there is none
            with failing(f"Could not open '{folder}'"):
                tree.names(folder)
            if online:
                return
            raise CommandFailed(f"logical processor #{number} can't be offlined") from None
    try:
        with failing(f'pread("{folder}/online")'):
            state = os.pread(file, 1, 0)
        if not state:
            raise CommandFailed(f'pread("{folder}/online"): unexpected EOF')
        if online != (state != b"0"):
            with failing(f'pwrite("{folder}/online")'):
                calls.pwrite(file, b"1" if online else b"0", 0)
    finally:
        os.close(file)


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
