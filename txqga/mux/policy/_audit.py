"""
Lines of the audit on their way to the file, in a thread of their own.

A disk may take seconds, or hang: nobody who asks a guest something waits for that. What waits to
be written is bounded; what there is no room for is counted, and a line tells how many are missing.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from txqga.mux.policy._entry import lost

MOST = 10_000  #: lines that wait; 40 MiB at most
_AGAIN = 1.0  #: seconds until what could not be written is tried again
_PATIENCE = 5.0  #: seconds that the end of the process may take


class File(Protocol):
    """Where the lines go."""

    def append(self, lines: Sequence[bytes]) -> int:
        """Write them, or as many as there is room for; raises OSError when that is none."""


class Audit:
    """
    The audit.

    :param complain: called in the thread with what is wrong with the file, once until it is right
        again.
    """

    def __init__(
        self,
        file: File,
        complain: Callable[[str], object],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._file = file
        self._complain = complain
        self._now = now
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._lost = 0
        self._ends = False
        self._fails = False
        # a daemon's: a disk that hangs must not keep the process from ending
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        """Write what waits, from now on; after this process has become a daemon."""
        self._thread.start()

    def stop(self) -> None:
        """Write the rest; what cannot be written in a few seconds is lost."""
        with self._changed:
            self._ends = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE)

    def write(self, line: bytes) -> None:
        """Take a line; it is written soon."""
        with self._changed:
            if len(self._waiting) >= MOST:
                self._lost += 1
            else:
                self._waiting.append(line)
                self._changed.notify()

    def write_out(self) -> bool:
        """
        Write all that waits.

        :return: whether that could be done; if not, it waits still.
        """
        with self._changed:
            missing, self._lost = self._lost, 0
            lines = list(self._waiting)
        told = [*lines, lost(self._now(), missing)] if missing else lines
        written, failure = 0, None
        try:
            while written < len(told):
                written += self._file.append(told[written:])
        except Exception as why:
            failure = str(why)
        with self._changed:
            for _ in lines[:written]:
                self._waiting.popleft()
            if written < len(told):
                self._lost += missing
        if failure is not None and not self._fails:
            self._complain(failure)
        self._fails = failure is not None
        return not self._fails

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._lost or self._ends)
                ends = self._ends
            done = self.write_out()
            if ends:
                return
            if not done:
                with self._changed:
                    self._changed.wait_for(lambda: self._ends, _AGAIN)
