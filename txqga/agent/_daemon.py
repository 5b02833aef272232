"""
Going to the background.

The parent ends when everything that can fail has been done: whoever waits for it finds the channel
open, and the pidfile locked and written.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator

from txqga.agent._pidfile import PidFile
from txqga.agent._start import StartFailed


@contextlib.contextmanager
def daemon(pidfile: str) -> Iterator[None]:
    """
    Go on in the background inside, with a pidfile, which is removed at the end.

    The calling process ends here, and nothing that it would do at its end is done.

    :raise StartFailed: another agent has the pidfile, or it cannot be made.
    """
    file = PidFile.lock(pidfile)
    try:
        _go_on_in_a_child(file)
        yield
    finally:
        file.remove()


def _go_on_in_a_child(file: PidFile) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        try:
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
