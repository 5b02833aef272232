"""Standard input, output and error, of which whoever starts us may have closed any."""

import os
import sys

#: How what stands in for each is opened: what is read or written there fails, and it is told; but
#: for complaints that nobody wants to hear.
_FLAGS = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)


def stand_in() -> None:
    """
    Open what is closed, before anything else is: the next socket would be taken for our output.

    Reading and writing there fails with ``EBADF``; what is written to standard error is gone.
    """
    for number, flags in enumerate(_FLAGS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # it gets the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it is open as long as we are
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115


def let_go() -> None:
    """
    Write what is left of the answer, and care no more.

    The interpreter would complain at its end of what could not be written, which has been told.
    """
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
