"""Opening a guest's character device."""

import contextlib
import errno
import os
import stat
import termios

_FLAGS = os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

#: what a terminal would do to octets that come in: see termios(3)
_INPUT = (
    termios.IGNBRK
    | termios.BRKINT
    | termios.IGNPAR
    | termios.PARMRK
    | termios.INPCK
    | termios.ISTRIP
    | termios.INLCR
    | termios.IGNCR
    | termios.ICRNL
    | termios.IXON
    | termios.IXOFF
    | termios.IXANY
    | termios.IMAXBEL
)


def open_virtio(path: str) -> int:
    """
    Open a virtio-serial port, or any other character device that needs no settings.

    :return: a descriptor, for reading and writing, that does not block.
    :raise OSError: it cannot be opened, or is something else.
    """
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        # What is read from a file is no request, and a FIFO would hand us our own replies.
        raise OSError(errno.ENODEV, "Not a character device", path)
    return descriptor


def open_serial(path: str) -> int:
    """
    Open a serial line: raw, no echo, 38400 baud both ways; what had arrived is dropped.

    Parity, stop bits and the number of bits stay as they are found; so do all settings of a
    device that is no terminal.

    :return: a descriptor, for reading and writing, that does not block.
    :raise OSError: it cannot be opened, or is no character device.
    """
    descriptor = open_virtio(path)
    with contextlib.suppress(termios.error):
        make_raw(descriptor)
    return descriptor


def make_raw(descriptor: int) -> None:
    """
    Let a terminal pass octets as they are, at 38400 baud.

    :raise termios.error: it is no terminal.
    """
    iflag, _, cflag, _, _, _, characters = termios.tcgetattr(descriptor)
    characters[termios.VMIN] = 1
    characters[termios.VTIME] = 0
    speed = termios.B38400
    settings = [iflag & ~_INPUT, 0, cflag, 0, speed, speed, characters]
    termios.tcflush(descriptor, termios.TCIFLUSH)
    termios.tcsetattr(descriptor, termios.TCSANOW, settings)
