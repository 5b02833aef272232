"""Which family of systems a guest has, by what its agent tells: whoever runs programs asks that."""

from attrs import frozen

from txqga.errors import CommandFailed
from txqga.schema import extended, structure
from txqga.session._callee import Callee

#: ``id`` in ``guest-get-osinfo`` of every Windows.
WINDOWS = "mswindows"


@frozen
class Family:
    """Which family of systems a guest has; neither where nobody knows."""

    is_posix: bool = False  #: whether there is a POSIX shell, as far as is known
    is_windows: bool = False


async def read_family(guest: Callee) -> Family:
    """Ask a guest for its system; one that does not tell has none that is known."""
    try:
        told = await guest.call("guest-get-osinfo")
    except CommandFailed:  # agents before QEMU 2.10 do not know it, and a policy may refuse it
        return Family()
    said = structure(extended(), "GuestOSInfo", told)
    is_windows = said.id == WINDOWS
    return Family(not is_windows and bool(said.id or said.kernel_release), is_windows)
