"""
The process group of a program that leads one.

Its number is the program's pid, and the system gives that to nobody else as long as the program
was not reaped. So the program stays a zombie until nobody wants to signal its group any more: a
signal never reaches a stranger, and it reaches what the program has left behind.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_ENDED = os.WEXITED | os.WNOHANG | os.WNOWAIT

WaitId = Callable[[int, int, int], Any]


def peek(pid: int, waitid: WaitId = os.waitid) -> int | None:
    """Look at the status of a child as ``waitpid`` gives it, and leave it; None: it runs."""
    try:
        seen = waitid(os.P_PID, pid, _ENDED)
    except ChildProcessError:
        return 0  # somebody else took it: all that is left to know is that the child has ended
    if seen is None:
        return None
    status: int = seen.si_status
    return status << 8 if seen.si_code == os.CLD_EXITED else status


class Group:
    """A process group whose leader is a child of this process."""

    def __init__(
        self,
        pid: int,
        waitid: WaitId = os.waitid,
        killpg: Callable[[int, int], None] = os.killpg,
        waitpid: Callable[[int, int], object] = os.waitpid,
    ) -> None:
        self._pid = pid
        self._waitid = waitid
        self._killpg = killpg
        self._waitpid = waitpid

    def signal(self, number: int) -> None:
        """
        Send a signal to whoever is in it.

        :raise OSError: none of them may be sent it.
        """
        try:
            self._waitid(os.P_PID, self._pid, _ENDED)
        except ChildProcessError:
            return  # reaped: the number may be a stranger's by now
        with suppress(ProcessLookupError):
            self._killpg(self._pid, number)

    def reap(self) -> None:
        """Take the status of its leader, which has ended; no signal is sent afterwards."""
        with suppress(ChildProcessError):
            self._waitpid(self._pid, os.WNOHANG)
