"""
Going to the background.

The parent ends when everything that can fail has been done: whoever waits for it finds the channel
open, and the pidfile locked and written.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

from txqga.agent._pidfile import PidFile
from txqga.agent._start import StartFailed


@contextlib.contextmanager
def daemon(pidfile: str, *, later: bool = False) -> Iterator[Callable[[], None]]:
    """
    Go on in the background inside, with a pidfile, which is removed at the end.

    The calling process ends here, and nothing that it would do at its end is done.

    :param later: write no pidfile before what this gives is called, which may raise StartFailed.
    :raise StartFailed: another agent has the pidfile, or it cannot be made.
    """
    # Absolute by the time it is made: a daemon changes its working directory.
    path = os.path.abspath(pidfile)  # noqa: PTH100
    files = [] if later else [PidFile.lock(pidfile)]

    def write() -> None:
        if not files:
            files.append(PidFile.lock(path))
            files[0].write(os.getpid())

    try:
        _go_on_in_a_child(files)
        yield write
    finally:
        for file in files:
            file.remove()


def _go_on_in_a_child(files: Sequence[PidFile]) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        try:
            for file in files:
                file.write(pid)
        except StartFailed:
            os.kill(pid, signal.SIGTERM)
            raise
        os._exit(0)
    os.umask(0o077)
    os.setsid()
    os.chdir("/")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.close(nowhere)
