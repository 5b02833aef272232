"""Whether a process really does nothing: its system calls and switches are looked at."""

import re
import time
from pathlib import Path
from unittest import SkipTest

from tests.functional._client import PATIENCE

#: Seconds in which an agent that polls would be caught: qemu-ga would wake twenty times.
_LOOK = 2.0


def sleeps(pid: int) -> None:
    """
    Wait until a process waits in a call of epoll that has no time-out.

    :raise AssertionError: it never does.
    :raise SkipTest: this kernel does not tell.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            call = Path(f"/proc/{pid}/syscall").read_text().split()
        except OSError as why:
            raise SkipTest(f"this kernel does not tell: {why}") from why
        if len(call) > 4 and int(call[4], 16) & 0xFFFFFFFF == 0xFFFFFFFF:
            return
        assert time.monotonic() < deadline, f"busy: {call}"


def switches(pid: int) -> int:
    """How often a process gave up the processor by itself: once for each time it slept."""
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)$", text, re.MULTILINE)
    assert found is not None
    return int(found[1])


def wakes(pid: int) -> int:
    """How often a process wakes while nothing happens, from when it first sleeps."""
    sleeps(pid)
    before = switches(pid)
    time.sleep(_LOOK)
    return switches(pid) - before
