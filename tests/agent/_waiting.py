"""Waiting for real threads of the agent."""

import threading
import time
from collections.abc import Callable

PATIENCE = 60.0  #: seconds


def wait_until(done: Callable[[], bool]) -> None:
    """
    Wait for the threads of blocking commands, of which one may begin the next, until it is so.

    :raise AssertionError: it never was.
    """
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "the threads have not done it"
        for thread in threading.enumerate():
            if thread.name == "blocking commands":
                thread.join(0.05)
