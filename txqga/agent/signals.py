"""
Signals that whoever started the agent ignores.

A program inherits what its parent ignores, so one started by an agent under ``nohup`` could not be
hung up on. GLib gives a program all signals in their default meaning, and so does this: a handler,
even one that does nothing, ends with the program that set it.
"""

import signal
from types import FrameType


def ignore_for_ourselves_only() -> None:
    """Go on ignoring what is ignored, but let programs that are started begin afresh."""
    for number in signal.valid_signals():
        # Python itself ignores SIGPIPE and SIGXFSZ, and Popen gives those back
        if number in (signal.SIGPIPE, signal.SIGXFSZ):
            continue
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _nothing)


def _nothing(number: int, frame: FrameType | None) -> None:
    """Do what ignoring does."""
