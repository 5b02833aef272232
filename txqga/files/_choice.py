"""By what a guest does with its files what it has to."""

from txqga.errors import CommandFailed
from txqga.files._bare import Bare
from txqga.files._extension import COMMANDS, Extension
from txqga.files._kit import Kit
from txqga.files._program import shell
from txqga.files._shell import Shell
from txqga.files._system import System


async def choose_system(kit: Kit) -> System:
    """Find the best there is."""
    if kit.traits.knows(*COMMANDS):
        return Extension(kit.guest)
    if kit.traits.has_shell:
        try:
            done = await shell(kit.clock, kit.guest, "command -v mv chmod rm >/dev/null")
        except CommandFailed:
            return Bare()
        if done.code == 0:
            return Shell(kit.clock, kit.guest)
    return Bare()
