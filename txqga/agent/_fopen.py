"""Opening files as fopen does, with the care ``qemu-ga`` takes of new ones."""

import contextlib
import os

from txqga.agent._failing import failing
from txqga.agent._octets import octets
from txqga.agent._stdio import Stream
from txqga.errors import CommandFailed

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_CREATE_BOTH = os.O_RDWR | os.O_CREAT | os.O_TRUNC
_APPEND_BOTH = os.O_RDWR | os.O_CREAT | os.O_APPEND

#: Every spelling there is: ``b`` says nothing, but may stand on either side of ``+``.
MODES = {
    **dict.fromkeys(("r", "rb"), os.O_RDONLY),
    **dict.fromkeys(("w", "wb"), _CREATE),
    **dict.fromkeys(("a", "ab"), _APPEND),
    **dict.fromkeys(("r+", "rb+", "r+b"), os.O_RDWR),
    **dict.fromkeys(("w+", "wb+", "w+b"), _CREATE_BOTH),
    **dict.fromkeys(("a+", "ab+", "a+b"), _APPEND_BOTH),
}

#: A FIFO, a modem line or a terminal must neither hold the agent up nor become its terminal.
_ALWAYS = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_NEW_FILE_MODE = 0o666


def fopen(path: str, mode: str) -> Stream:
    """
    Open the file at ``path``; relative ones start at the agent's working directory.

    A new file gets mode 0666 whatever the umask; until then nobody else can open it.

    :param mode: one of :data:`MODES`.
    :raise CommandFailed: it cannot be opened, in ``qemu-ga``'s words.
    """
    try:
        flags = MODES[mode] | _ALWAYS
    except KeyError:
        raise CommandFailed(f"invalid file open mode '{mode}'") from None
    name = octets(path)
    about = f"'{path}' (mode: '{mode}')"
    with failing(f"failed to open file {about}"):
        fd, is_new = _open(name, flags)
    if is_new:
        try:
            with failing(f"failed to set permission 0666 on new file {about}"):
                os.fchmod(fd, _NEW_FILE_MODE)
        except CommandFailed:
            os.close(fd)
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108 - octets, which pathlib does not take
            raise
    return Stream(fd)


def _open(name: bytes, flags: int) -> tuple[int, bool]:
    """Return a file descriptor, and whether the file was created just now."""
    if not flags & os.O_CREAT:
        return os.open(name, flags), False
    try:
        return os.open(name, flags | os.O_EXCL, 0), True
    except FileExistsError:
        return os.open(name, flags & ~os.O_CREAT), False
